import ArgumentParser
import Cluster
import Experiment
import Foundation
import Reporting
import RunStore
import Wire

/// `peerless watch`: what a coordinator is doing now.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show a coordinator's runs, queue and workers, live.",
        discussion: """
            Redrawn in place on a terminal; elsewhere a line for whatever has changed. Ends with \
            Ctrl-C, or with 1 when the coordinator has been silent for a minute.
            """)

    @OptionGroup var coordinator: CoordinatorArguments
    @OptionGroup var keys: KeyArguments

    @Option(
        help: "A database, for losses from before the first look. Default: none is opened.")
    var db: String?

    @Flag(help: "Print the view once, and end.")
    var once = false

    @Option(help: "Time between two looks, e.g. 500ms.")
    var interval = "1s"

    func run() throws {
        try reporting {
            guard let pause = Units.seconds(interval), (0.05...3600).contains(pause) else {
                throw ValidationError(
                    "--interval: found \(interval); allowed: 50ms to 3600s, as in 500ms or 2s")
            }
            let watch = LiveWatch(
                endpoint: try coordinator.endpoint(), client: try coordinator.client(keys),
                past: try db.map(LossPast.init))
            if once {
                let view = try watch.look()
                let width = TerminalWidth.current() ?? 120
                print(view.lines(width: width).joined(separator: "\n"))
            } else {
                try watch.follow(every: pause)
            }
        }
    }
}

/// Losses that were recorded before the first look.
struct LossPast {
    private let store: RunStore

    /// Opens a database to read.
    init(path: String) throws {
        do {
            store = try RunStore(path: path, readOnly: true)
        } catch {
            StandardError.print("peerless: \(error)")
            throw error.isNotEnoughData ? ExitCode(3) : ExitCode(2)
        }
    }

    /// Adds what is on record of the runs that are new to a history.
    func add(to history: inout WatchHistory, _ board: Board) {
        for run in board.runs where run.status == "running" && history.isNew(run.id) {
            // A database that is busy or another coordinator's says nothing, and the view goes on.
            guard let curve = try? store.lossCurve(run: run.id, points: 256) else { continue }
            history.begin(run.id, losses: curve.losses, through: curve.lastStep)
        }
    }
}
