import ArgumentParser
import Cluster
import Experiment
import Foundation
import Reporting
import Wire

/// What is taken from an experiment file, and how it is changed.
struct ExperimentArguments: ParsableArguments {
    @Argument(help: "The experiment file.")
    var file: String

    @Option(
        name: .customLong("set"),
        help: "Change a key of the file, e.g. --set steps=50 --set link.bandwidth=100mbit.")
    var overrides: [String] = []

    @Option(help: "Run this variant only; may be repeated.")
    var only: [String] = []

    @Option(help: "Seeds in place of the file's, e.g. 1,2,3.")
    var seeds: String?

    /// The variants that are asked for.
    func chosen(_ plan: ExperimentPlan) -> [Variant] {
        plan.variants.filter { only.isEmpty || only.contains($0.name) }
    }

    /// The plan, and the requests that it comes to.
    func load() throws -> (plan: ExperimentPlan, requests: [RunRequest]) {
        let plan = try ExperimentLoader.load(path: file, overrides: overrides)
        do {
            return (plan, try RunRequest.requests(of: plan, only: only, seeds: try seedList()))
        } catch let error as ClusterError {
            StandardError.print("peerless: \(error)")
            throw ExitCode.badUsage
        }
    }

    private func seedList() throws -> [UInt64]? {
        try seeds?.split(separator: ",").map { text in
            guard let seed = UInt64(text.trimmingCharacters(in: .whitespaces)) else {
                throw ClusterError("--seeds: found \(text); allowed: whole numbers, as in 1,2,3")
            }
            return seed
        }
    }
}

/// `peerless submit`.
struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Queue an experiment at a running coordinator.")

    @OptionGroup var experiment: ExperimentArguments
    @OptionGroup var coordinator: CoordinatorArguments
    @OptionGroup var keys: KeyArguments

    @Flag(help: "Show progress until every run has ended.")
    var wait = false

    func run() throws {
        try reporting {
            let (_, requests) = try experiment.load()
            let connection = try coordinator.client(keys)
            let runs = try connection.submit(requests)
            print("queued runs \(runs.map(String.init).joined(separator: ", "))")
            guard wait else { return }
            let progress = ProgressLine()
            let ended = try RunWatch(runs: runs, client: connection, progress: progress).wait()
            if ended.contains(where: { $0.status != "completed" }) { throw ExitCode.runFailed }
        }
    }
}

/// `peerless status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show a coordinator's daemons and runs.")

    @OptionGroup var coordinator: CoordinatorArguments
    @OptionGroup var keys: KeyArguments

    @Flag(help: "Print the board as JSON.")
    var json = false

    func run() throws {
        try reporting {
            let board = try coordinator.client(keys).board()
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
                print(String(decoding: try encoder.encode(board), as: UTF8.self))
            } else {
                printPlainly(board)
            }
        }
    }

    private func printPlainly(_ board: Board) {
        print("database \(board.database)")
        for node in board.nodes {
            let work = node.run.map { "run \($0)" } ?? "idle"
            print("\(node.role) \(node.name) on \(node.host), pid \(node.pid): \(work)")
        }
        for run in board.runs {
            let note = run.note.map { ": \($0)" } ?? ""
            print(
                "run \(run.id) \(run.experiment)/\(run.variant) seed \(run.seed) \(run.status) "
                    + "step \(run.step)/\(run.steps)\(note)")
        }
    }
}

/// `peerless cancel`.
struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel a queued or running run.")

    @Argument(
        help: ArgumentHelp(
            "Number of the run, as submit and status print it.", valueName: "run"))
    var number: Int64

    @OptionGroup var coordinator: CoordinatorArguments
    @OptionGroup var keys: KeyArguments

    func run() throws {
        try reporting {
            try coordinator.client(keys).cancel(number)
            print("run \(number) is cancelled")
        }
    }
}
