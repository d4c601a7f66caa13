import ArgumentParser
import Cluster
import Foundation
import Reporting
import RunStore

/// `peerless bench store`.
struct StoreBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Questions to a large database, which is made in a temporary folder.")

    @OptionGroup var arguments: BenchArguments

    @Option(help: "Rows of steps; 10 million take about 1 GiB of disk.")
    var rows: Int = 10_000_000

    /// One question's time.
    struct Row: Encodable {
        var question: String
        var rows: Int
        var runs: Int
        var milliseconds: Double
    }

    func validate() throws {
        guard (1...100_000_000).contains(rows) else {
            throw ValidationError("--rows: found \(rows); allowed: 1 to 100000000")
        }
    }

    func run() throws {
        let interruption = StopFlag()
        let signals = SignalWatch { interruption.raise($0) }
        defer { signals.cancel() }
        try reporting {
            let sample = try SampleStore(rows: rows) { interruption.reason != nil }
            var results: [Row] = []
            for (question, ask) in Self.questions(sample.path) where interruption.reason == nil {
                results.append(
                    Row(
                        question: question, rows: sample.rows, runs: sample.runs,
                        milliseconds: try milliseconds(ask)))
            }
            if let reason = interruption.reason {
                StandardError.print("peerless: stopped by \(reason)")
                throw ExitCode.runFailed
            }
            if !arguments.json {
                print("\(sample.rows) rows of steps, \(counted(sample.runs, "run"))")
            }
            try arguments.show(results) { row in
                let name = row.question.padding(toLength: 28, withPad: " ", startingAt: 0)
                return name + String(format: "%9.2f ms", row.milliseconds)
            }
        }
    }

    /// Each opens the database anew, as a command does, and sets its answer as text; the first two are
    /// commands, from the start of their process to its end.
    private static func questions(_ path: String) -> [(String, () throws -> Void)] {
        func reader() throws(StoreError) -> RunStore { try RunStore(path: path, readOnly: true) }
        return [
            ("peerless runs", { try command(["runs", "--db", path]) }),
            ("peerless compare", { try command(["compare", "--db", path]) }),
            (
                "runs",
                {
                    _ = RunsTable.render(try reader().runs(), format: .table, width: nil)
                }
            ),
            (
                "runs --status --where",
                {
                    var filter = RunFilter(statuses: [.completed])
                    filter.condition = "samples_per_second > 1 AND seed = 3"
                    _ = RunsTable.render(try reader().runs(filter), format: .json, width: nil)
                }
            ),
            (
                "compare",
                {
                    _ = ComparisonTable.render(
                        try reader().comparison(), format: .table, width: nil)
                }
            ),
            ("show 1", { _ = try reader().detail(run: 1) }),
            ("explain 1", { _ = try reader().phases(run: 1) }),
            ("open for writing", { _ = try RunStore(path: path) }),
        ]
    }

    /// Runs this program, whose answer nobody reads.
    private static func command(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ExitCode(process.terminationStatus) }
    }

    private func milliseconds(_ ask: () throws -> Void) throws -> Double {
        try ask()
        var times: [Double] = []
        for _ in 0..<arguments.repetitions {
            let began = MonotonicClock.now()
            try ask()
            times.append(Double(MonotonicClock.now() - began) / 1e6)
        }
        return times.sorted()[times.count / 2]
    }
}
