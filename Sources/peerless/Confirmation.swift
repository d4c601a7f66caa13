import Cluster
import Foundation
import Judging
import RunStore

/// The second measurement of a gate: both sides run again from their databases, in turns.
final class Confirmation {
    /// What came of it.
    enum Outcome {
        /// Runs of both sides.
        case measured(baseline: [MeasuredRun], candidate: [MeasuredRun])
        /// Why there are none.
        case impossible(String)
    }

    private let baseline: JudgedRuns
    private let candidate: JudgedRuns
    private let baselineProgram: String?
    private let rules: JudgingRules
    private let folder: ScratchFolder
    private let interruption = StopFlag()

    /// - Parameter baselineProgram: the program that made the baseline, where that is another.
    init(
        _ baseline: JudgedRuns, _ candidate: JudgedRuns, baselineProgram: String?,
        rules: JudgingRules
    ) throws {
        self.baseline = baseline
        self.candidate = candidate
        self.baselineProgram = baselineProgram
        self.rules = rules
        folder = try ScratchFolder()
    }

    /// Runs the variants again that got slower.
    func run(_ judgement: Judgement) throws -> Outcome {
        guard baselineProgram != nil || baseline.revisions == candidate.revisions else {
            return .impossible(
                "the baseline was made by another revision; --baseline-program PATH names its "
                    + "program")
        }
        let slower = judgement.findings.filter(\.isRegression)
        func again(_ side: JudgedRuns) -> [(number: Int64, run: MeasuredRun)] {
            Array(zip(side.numbers, side.runs)).map { (number: $0.0, run: $0.1) }.filter { one in
                one.run.failure == nil
                    && slower.contains {
                        $0.experiment == one.run.experiment && $0.variant == one.run.variant
                    }
            }
        }
        let (first, second) = (again(baseline), again(candidate))
        let signals = SignalWatch { [interruption] in interruption.raise($0) }
        defer { signals.cancel() }
        let progress = ProgressLine()
        defer { progress.clear() }
        var done = 0
        for index in 0..<max(first.count, second.count) {
            for (side, runs, name) in [(baseline, first, "a"), (candidate, second, "b")]
            where index < runs.count {
                done += 1
                progress.settle(
                    "[\(done)/\(first.count + second.count)] again: \(runs[index].run.name) of "
                        + side.reference)
                if let why = try repeated(runs[index], of: side, into: name) {
                    return .impossible(why)
                }
            }
        }
        return .measured(baseline: try read("a"), candidate: try read("b"))
    }

    private func read(_ name: String) throws -> [MeasuredRun] {
        let store = try RunStore(path: folder.path(name), readOnly: true)
        let runs = try store.runs().map(\.run)
        return try store.samples(runs: runs).map { MeasuredRun($0, source: nil) }
    }

    private func count(_ name: String) throws -> Int {
        guard FileManager.default.fileExists(atPath: folder.path(name)) else { return 0 }
        return try read(name).count
    }

    /// Why it could not be run again; `nil` when it was.
    private func repeated(
        _ one: (number: Int64, run: MeasuredRun), of side: JudgedRuns, into name: String
    ) throws -> String? {
        let before = try count(name)
        let program = name == "a" ? baselineProgram : nil
        let seconds = 120 + 20 * (one.run.values[.seconds] ?? 0)
        let end = try ChildProgram(program, folder: folder).run(
            [
                "reproduce", "\(one.number)", "--db", side.path, "--into", folder.path(name),
                "--log-level", "critical",
            ], withinSeconds: seconds, interruption)
        if let reason = interruption.reason {
            return "stopped by \(reason)"
        }
        guard try count(name) > before, let run = try read(name).last, run.failure == nil else {
            return "\(one.run.name) could not be run again here: \(end)"
        }
        let keys = run.differingKeys(from: one.run).filter { !rules.ignores($0) }
        guard keys.isEmpty else {
            return "this machine is another than the runs': \(keys.joined(separator: ", "))"
        }
        return nil
    }
}
