import ArgumentParser
import Foundation
import Fuzzing

/// Attacks the parsers with seeded inputs, each target in a process of its own.
@main
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peerless-fuzz",
        abstract: "Feeds damaged and hostile inputs to every parser of Peerless.",
        discussion: """
            Inputs depend on target, seed and index alone. A trap, an input that takes longer than \
            the deadline, and memory beyond the bound are findings: the input is kept in a file, \
            and the command that repeats it is printed. Exits with 1 when there is a finding.
            """)

    @Option(help: "One target, or all; list names them.")
    var target = "all"

    @Option(help: "Seed of the inputs.")
    var seed: UInt64 = 1

    @Option(help: "Inputs of all targets together, or of the one.")
    var count = 100_000

    @Option(help: "Index of the first input.")
    var from = 0

    @Option(help: "Seconds of each target at most.")
    var seconds = 3_600.0

    @Option(help: "Seconds that one input may take.")
    var deadline = 10.0

    @Option(help: "MiB that a target's memory may grow by.")
    var memory = 512

    @Option(help: "Findings of a target after which it is given up.")
    var findings = 3

    @Option(help: "Folder for the inputs of findings.")
    var keep = "."

    @Option(help: .hidden)
    var progress: String?

    func validate() throws {
        guard count > 0, from >= 0, seconds > 0, deadline > 0, memory > 0, findings > 0 else {
            throw ValidationError("numbers must be above 0, and --from 0 at least")
        }
        guard target == "all" || target == "list" || chosen.count == 1 else {
            throw ValidationError(
                "--target: found \(target); allowed: all, list, "
                    + FuzzTarget.all.map(\.name).joined(separator: ", "))
        }
    }

    func run() throws {
        if target == "list" { return FuzzTarget.all.forEach { print($0.name) } }
        if let progress { return try work(progress) }
        print(Table.head)
        var found = 0
        for target in chosen {
            let shares = chosen.reduce(0) { $0 + $1.share }
            let inputs = max(1, Int(Double(count) * Double(target.share) / Double(shares)))
            let supervisor = Supervisor(command: self, target: target)
            let report = try supervisor.run(from..<(from + inputs))
            print(Table.row(target, report, supervisor.findings))
            found += supervisor.findings.count
        }
        guard found == 0 else { throw ExitCode.failure }
    }

    private var chosen: [FuzzTarget] {
        target == "all" ? FuzzTarget.all : FuzzTarget.all.filter { $0.name == target }
    }

    /// The process that may trap.
    private func work(_ progress: String) throws {
        guard let target = chosen.first else { return }
        let mark = try ProgressMark(opening: progress)
        let run = try FuzzRun(target, seed: seed)
        let report = try run.run(from..<(from + count), seconds: seconds) { mark.index = $0 }
        print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
    }
}
