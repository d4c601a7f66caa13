/// What a gate concludes about a candidate.
public struct Judgement: Codable, Equatable, Sendable {
    /// What it comes to as a whole.
    public enum Verdict: String, Codable, Sendable {
        /// Nothing got worse.
        case passed
        /// Something got worse.
        case regression
        /// Nothing got worse for sure, and something cannot be told.
        case notEnoughData
        /// The sides were made of different things.
        case mismatch
    }

    /// As a whole.
    public var verdict: Verdict
    /// Every figure of every case: counters first, then learning, clocks last.
    public var findings: [Finding]
    /// Keys that differ and are not ignored; with any, nothing was compared.
    public var differences: [ContextDifference]
    /// Whether the candidate lacks a case of the baseline, or nothing is common to both.
    public var isIncomplete: Bool
    /// What a reader should know besides.
    public var notes: [String]

    /// Judges.
    ///
    /// - Parameter noise: what calibration found.
    public init(
        baseline: [MeasuredRun], candidate: [MeasuredRun], rules: JudgingRules = JudgingRules(),
        noise: NoiseFloors = NoiseFloors()
    ) {
        let all = CasePair.pairs(baseline: baseline, candidate: candidate)
        let pairs = all.filter { !$0.baseline.isEmpty && !$0.candidate.isEmpty }
        let found = Self.differences(pairs)
        notes = Self.lonely(all)
        differences = found.filter { !rules.ignores($0.key) }
        let ignored = found.filter { rules.ignores($0.key) }
        if !ignored.isEmpty {
            let words = ignored.map(\.words).joined(separator: "; ")
            notes.append("Differs, and is let through: \(words)")
        }
        findings = []
        verdict = .mismatch
        isIncomplete = pairs.isEmpty || all.contains { $0.candidate.isEmpty }
        guard differences.isEmpty else { return }
        for metric in rules.metrics where metric.stage == .counters {
            findings += pairs.compactMap { CounterJudge.judge($0, metric, rules) }
        }
        findings += ConvergenceJudge.judge(pairs, rules)
        findings += ClockJudge.judge(pairs, rules, noise)
        conclude()
    }

    /// Whether the only regressions are of clocks, which a second measurement may not confirm.
    public var awaitsConfirmation: Bool {
        let worse = findings.filter(\.isRegression)
        return !worse.isEmpty && worse.allSatisfy { $0.metric.stage == .clock }
    }

    /// Takes a second measurement of the same: a slow-down that it does not find again is none.
    public mutating func confirm(with second: Judgement) {
        guard second.verdict != .mismatch else {
            notes.append("The confirmation ran on something else, and counts for nothing.")
            return
        }
        for index in findings.indices where findings[index].isRegression {
            let again = second.findings.first {
                $0.experiment == findings[index].experiment
                    && $0.variant == findings[index].variant && $0.metric == findings[index].metric
            }
            guard findings[index].metric.stage == .clock, let again else { continue }
            findings[index].reason += "; run again: \(again.word), \(again.reason)"
            if again.clears(findings[index]) { findings[index].outcome = .notConfirmed }
        }
        conclude()
    }

    private mutating func conclude() {
        if findings.contains(where: \.isRegression) {
            verdict = .regression
        } else if isIncomplete || findings.isEmpty
            || findings.contains(where: { $0.outcome == .cannotTell })
        {
            verdict = .notEnoughData
        } else {
            verdict = .passed
        }
    }

    private static func differences(_ pairs: [CasePair]) -> [ContextDifference] {
        var found: [ContextDifference] = []
        for one in pairs.flatMap(\.differences)
        where !found.contains(where: { $0.key == one.key }) {
            found.append(one)
        }
        return found
    }

    private static func lonely(_ pairs: [CasePair]) -> [String] {
        pairs.compactMap { pair in
            let name = "\(pair.experiment)/\(pair.variant)"
            if pair.candidate.isEmpty { return "\(name): the candidate has no run of it." }
            if pair.baseline.isEmpty { return "\(name): new, the baseline has no run of it." }
            return nil
        }
    }
}

extension ContextDifference {
    /// The key with both values.
    public var words: String {
        first == nil && other == nil ? key : "\(key) (\(first ?? "none"), \(other ?? "none"))"
    }
}
