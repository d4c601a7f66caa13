import ArgumentParser
import Foundation
import Reporting
import RunStore

/// `peerless prune`: old runs, deleted.
struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Delete runs that are not needed any more.",
        discussion: """
            Lists what it would delete; with --yes it deletes, and gives the space back. Runs \
            that are queued or running are never deleted, and nothing is while a coordinator writes \
            the database.
            """)

    @Option(name: .shortAndLong, help: "Only runs of this experiment.")
    var experiment: String?

    @Option(help: "Only runs queued before then: a date, a time in UTC, or 30d ago.")
    var before: Moment?

    @Option(help: "Keep so many of the newest runs of every variant and seed.")
    var keepLast: Int?

    @OptionGroup var filter: FilterOptions

    @Flag(help: "Delete. Without it nothing is changed.")
    var yes = false

    @OptionGroup var store: StoreOptions

    func validate() throws {
        if let keepLast, keepLast < 1 {
            throw ValidationError("--keep-last: found \(keepLast); allowed: 1 and more")
        }
        guard chosen != RunFilter() || keepLast != nil else {
            throw ValidationError(
                "Say which runs: with --before, --status, --keep-last, --experiment or a filter.")
        }
    }

    func run() throws {
        guard yes else {
            let runs = try store.answer { store throws(StoreError) in
                try store.prunable(chosen, keepLast: keepLast ?? 0)
            }
            show(runs)
            StandardError.print(
                "\(counted(runs.count, "run")) would be deleted; --yes deletes "
                    + (runs.count == 1 ? "it" : "them"))
            return
        }
        try store.change(creating: false) { database in
            let runs = try database.prunable(chosen, keepLast: keepLast ?? 0)
            show(runs)
            let count = try database.prune(runs: runs.map(\.run))
            StandardError.print("\(counted(count, "run")) deleted")
        }
    }

    private var chosen: RunFilter {
        var chosen = filter.filter(experiment: experiment)
        if let before { chosen.until = min(before.date, chosen.until ?? .distantFuture) }
        return chosen
    }

    private func show(_ runs: [RunListing]) {
        print(
            RunsTable.render(runs, format: .table, width: TerminalWidth.current()), terminator: "")
    }
}
