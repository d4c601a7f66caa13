import Statistics

/// Holds times against each other, which are noisy: significance, size, and the noise that
/// calibration found.
enum ClockJudge {
    /// Findings of all cases, corrected together.
    static func judge(
        _ pairs: [CasePair], _ rules: JudgingRules, _ noise: NoiseFloors
    ) -> [Finding] {
        let asked = pairs.flatMap { pair in
            rules.metrics.filter { $0.stage == .clock }.map { (pair, $0) }
        }
        let questions = asked.filter { pair, metric in pair.isTimed(metric) == (true, true) }
        let tests = questions.map { pair, metric in
            Comparison(pair, metric, questions: questions.count, level: rules.level)
        }
        let adjusted = Holm.adjusted(tests.map { $0?.significance.twoSided ?? 1 })
        let missing = asked.compactMap { Self.lacking($0.0, $0.1) }
        return missing
            + questions.enumerated().compactMap { index, question in
                let (pair, metric) = question
                let (first, second) = pair.samples(metric)
                guard var finding = Finding(pair, metric, first, second) else { return nil }
                guard let test = tests[index] else {
                    finding.reason = "no positive median, or more runs than the tests take"
                    return finding
                }
                let evidence = test.evidence(
                    adjustedP: adjusted[index], questions: questions.count,
                    noiseFloor: noise.floor(of: pair, metric))
                finding.conclude(evidence, ratio: test.interval.ratio, rules, questions.count)
                return finding
            }
    }

    /// Steps are expected of every run; a phase that takes no time on either side is none.
    private static func lacking(_ pair: CasePair, _ metric: Metric) -> Finding? {
        let timed = pair.isTimed(metric)
        guard timed != (true, true), timed != (false, false) || metric == .step else { return nil }
        let side = timed.0 ? "the candidate" : timed.1 ? "the baseline" : "either side"
        return Finding(
            experiment: pair.experiment, variant: pair.variant, metric: metric,
            outcome: .cannotTell, baseline: nil, candidate: nil,
            baselineRuns: pair.baseline.count, candidateRuns: pair.candidate.count,
            reason: "no such time is recorded of \(side); a run with --summary-only keeps no steps",
            evidence: nil)
    }
}

extension CasePair {
    /// Whether the sides have positive times.
    fileprivate func isTimed(_ metric: Metric) -> (Bool, Bool) {
        let (first, second) = samples(metric)
        return (first.contains { $0 > 0 }, second.contains { $0 > 0 })
    }
}

extension Finding {
    fileprivate mutating func conclude(
        _ evidence: Evidence, ratio: Double, _ rules: JudgingRules, _ questions: Int
    ) {
        self.evidence = evidence
        let floor = evidence.noiseFloor ?? 0
        let limit = rules.maxSlowdown
        let isSure = evidence.adjustedP <= rules.level && (ratio - 1).magnitude > floor
        let size = Self.percent((ratio - 1).magnitude)
        let p = Self.chance(evidence.adjustedP)
        if isSure, ratio < 1 {
            outcome = .better
            reason = "\(size) faster, \(p)"
        } else if isSure {
            outcome = evidence.upper >= 1 + limit ? .worse : .tolerated
            let reach = "up to \(Self.percent(evidence.upper - 1))"
            reason = "\(size) slower (\(reach)), \(p)"
        } else if evidence.smallestP > rules.level {
            outcome = .cannotTell
            reason = tooFew(questions, rules)
        } else if evidence.upper < 1 + max(limit, floor) {
            outcome = .same
            reason = "a slow-down of \(Self.percent(max(limit, floor))) is ruled out, \(p)"
        } else {
            outcome = .cannotTell
            reason =
                "not significant, \(p), but the noise would hide a slow-down of "
                + "\(Self.percent(limit)); more runs or a quieter machine would tell"
        }
    }
}
