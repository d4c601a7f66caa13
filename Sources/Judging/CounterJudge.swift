import Statistics

/// Holds counts against each other: the same case and seed must count the same, on any machine.
enum CounterJudge {
    /// - Returns: `nil` where neither side has the figure.
    static func judge(_ pair: CasePair, _ metric: Metric, _ rules: JudgingRules) -> Finding? {
        let shared = pair.onSharedSeeds
        return metric.isExact ? bytes(shared, metric, rules) : target(shared, metric, rules)
    }

    private static func bytes(
        _ pair: CasePair, _ metric: Metric, _ rules: JudgingRules
    ) -> Finding? {
        let (first, second) = pair.samples(metric)
        guard var finding = Finding(pair, metric, first, second) else { return nil }
        guard let low = first.min(), let high = first.max() else { return finding }
        let lost = (pair.baseline + pair.candidate).contains { $0.lostNodes }
        if lost {
            finding.compareMedians(
                tolerance: rules.countTolerance, why: "nodes were lost, so counts may vary")
        } else if pair.isPaired {
            finding.compare(
                pair.sharedSeeds(metric).map { $0.second - $0.first }, of: "run of the same seed")
        } else if low == high {
            finding.compare(
                second.map { $0 - low }, of: "run, where the baseline's all count the same")
        } else {
            finding.compareMedians(
                tolerance: rules.countTolerance, why: "seeds are not shared, and counts vary")
        }
        return finding
    }

    /// A run that does not reach the target has no such figure.
    private static func target(
        _ pair: CasePair, _ metric: Metric, _ rules: JudgingRules
    ) -> Finding? {
        let (first, second) = pair.samples(metric)
        guard var finding = Finding(pair, metric, first, second, acceptsNone: true) else {
            return nil
        }
        let before = Double(first.count) / Double(max(1, pair.baseline.count))
        let now = Double(second.count) / Double(max(1, pair.candidate.count))
        let reached =
            "\(second.count) of \(pair.candidate.count) runs reach the target, before "
            + "\(first.count) of \(pair.baseline.count)"
        if now < before {
            finding.outcome = .worse
            finding.reason = reached
        } else if first.isEmpty {
            finding.outcome = .better
            finding.reason = reached
        } else {
            finding.compareMedians(tolerance: rules.countTolerance, why: reached)
            if finding.outcome == .worse, !pair.isPaired,
                MannWhitney.test(first, second)?.twoSided ?? 1 > rules.level
            {
                finding.outcome = .same
                finding.reason = "\(reached); seeds are not shared, and differ as much"
            }
            if let ratio = finding.ratio, ratio <= 1 - rules.suspiciousGain {
                finding.outcome = .suspicious
            }
        }
        return finding
    }
}

extension Finding {
    /// Nothing concluded yet; `nil` where neither side has the figure.
    ///
    /// - Parameter acceptsNone: whether one side without the figure still can be judged.
    init?(
        _ pair: CasePair, _ metric: Metric, _ first: [Double], _ second: [Double],
        acceptsNone: Bool = false
    ) {
        guard !(first.isEmpty && second.isEmpty) else { return nil }
        experiment = pair.experiment
        variant = pair.variant
        self.metric = metric
        outcome = .cannotTell
        baseline = Quantiles.median(first)
        candidate = Quantiles.median(second)
        baselineRuns = acceptsNone ? pair.baseline.count : first.count
        candidateRuns = acceptsNone ? pair.candidate.count : second.count
        reason = first.isEmpty ? "the baseline has no such figure" : "the candidate has none"
    }

    /// Of differences that must all be 0.
    fileprivate mutating func compare(_ growths: [Double], of what: String) {
        let (more, less) = (growths.filter { $0 > 0 }, growths.filter { $0 < 0 })
        if growths.isEmpty {
            outcome = .cannotTell
        } else if let most = more.max() {
            outcome = .worse
            reason =
                "\(more.count) of \(growths.count) count more, by up to \(Self.figure(most)), than "
                + "the \(what)"
        } else if let least = less.min() {
            outcome = .better
            reason = "\(less.count) of \(growths.count) count less, by up to \(Self.figure(-least))"
        } else {
            outcome = .same
            reason = "exactly, in \(growths.count) of \(growths.count)"
        }
    }

    fileprivate mutating func compareMedians(tolerance: Double, why: String) {
        guard let baseline, let candidate else { return }
        let growth = candidate - baseline
        if growth > tolerance * baseline {
            outcome = .worse
        } else {
            outcome = growth < -tolerance * baseline ? .better : .same
        }
        reason = "medians, to \(Self.percent(tolerance)): \(why)"
    }

    /// A share in per cent, to a hundredth.
    static func percent(_ share: Double) -> String { "\(figure((1e4 * share).rounded() / 100)) %" }

    /// A p, of which small ones are all alike.
    static func chance(_ p: Double) -> String {
        p < 0.001 ? "p < 0.001" : "p = \((1e3 * p).rounded() / 1e3)"
    }

    /// Six significant digits at most, whole numbers whole.
    static func figure(_ value: Double) -> String {
        guard value.magnitude < 1e15 else { return "\(value)" }
        guard value != value.rounded() else { return "\(Int(value))" }
        var scale = 1.0
        while (value * scale).magnitude < 1e5, scale < 1e9 { scale *= 10 }
        return "\((value * scale).rounded() / scale)"
    }
}
