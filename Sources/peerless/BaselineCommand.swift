import ArgumentParser
import Foundation
import Judging
import Reporting
import RunStore

/// `peerless baseline`: runs under a name, for a gate to hold others against.
struct BaselineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline", abstract: "Name runs that a gate holds others against.",
        subcommands: [Set.self, List.self, Remove.self])

    /// `peerless baseline set NAME`.
    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Give completed runs a name.",
            discussion: """
                Without numbers: the newest completed run of every variant and seed of the latest \
                experiment that matches. A name that is there already names the new runs instead.
                Runs of a baseline are kept by `peerless prune`.
                """)

        @Argument(help: "The name.")
        var name: String

        @Argument(help: "Numbers of runs, as in 3 5 7-9.")
        var runs: [String] = []

        @Option(name: .shortAndLong, help: "Newest completed runs of this experiment.")
        var experiment: String?

        @Option(help: "What it is for, in words.")
        var note: String?

        @OptionGroup var filter: FilterOptions
        @OptionGroup var store: StoreOptions

        func validate() throws {
            guard experiment == nil || runs.isEmpty else {
                throw ValidationError("Give either --experiment or numbers of runs, not both.")
            }
            let isPlain =
                !name.isEmpty && name.utf8.count <= 100
                && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            guard isPlain, !name.hasPrefix("-"), !name.contains(":") else {
                throw ValidationError(
                    "NAME: found \(name.debugDescription); allowed: up to 100 bytes without : and "
                        + "control characters")
            }
        }

        func run() throws {
            try store.change(creating: false) { database in
                let chosen = try choose(in: database)
                try database.setBaseline(name, runs: chosen, note: note)
                let count = chosen.count == 1 ? "1 run" : "\(chosen.count) runs"
                StandardError.print("baseline \(name): \(count)")
            }
        }

        private func choose(in database: RunStore) throws -> [Int64] {
            var among = filter
            among.status = [.completed]
            var wanted = ComparisonFilter(experiment: experiment)
            wanted.among = among.filter()
            if runs.isEmpty { return try database.comparison(wanted).map(\.run) }
            let word = "runs:" + runs.joined(separator: ",")
            let target = try RunReference.resolve(
                word, among: try JudgedRuns.shelf(database), isFile: { _ in false })
            guard case .runs(let numbers) = target else { return [] }
            wanted.experiment = nil
            wanted.runs = numbers
            let kept = try database.comparison(wanted).map(\.run)
            if kept.count < numbers.count {
                let left = numbers.filter { !kept.contains($0) }.map(String.init)
                StandardError.print(
                    "left out, as not completed or filtered: runs \(left.joined(separator: ", "))")
            }
            return kept
        }
    }

    /// `peerless baseline list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the baselines.")

        @Option(help: "How to print.")
        var format: OutputFormat = .table

        @OptionGroup var store: StoreOptions

        func run() throws {
            let baselines = try store.answer { store throws(StoreError) in try store.baselines() }
            print(
                BaselineTable.render(baselines, format: format, width: TerminalWidth.current()),
                terminator: "")
        }
    }

    /// `peerless baseline remove NAME`.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Take a name away; its runs stay.")

        @Argument(help: "The name.")
        var name: String

        @OptionGroup var store: StoreOptions

        func run() throws {
            try store.change(creating: false) { database in
                guard try database.removeBaseline(name) else {
                    let names = try database.baselines().map(\.name).joined(separator: ", ")
                    StandardError.print(
                        "peerless: baseline \(name): no such baseline; there is: "
                            + (names.isEmpty ? "none" : names))
                    throw ExitCode.notEnoughData
                }
                StandardError.print("baseline \(name) removed; its runs stay")
            }
        }
    }
}
