import Statistics

/// Holds times against each other, which are noisy: significance, size, and the noise that
/// calibration found.
enum ClockJudge {
    /// Findings of all cases, corrected together.
    static func judge(
        _ pairs: [CasePair], _ rules: JudgingRules, _ noise: NoiseFloors
    ) -> [Finding] {
        let questions = pairs.flatMap { pair in
            rules.metrics.filter { metric in
                metric.stage == .clock && pair.samples(metric).first.contains { $0 > 0 }
                    && pair.samples(metric).second.contains { $0 > 0 }
            }.map { (pair, $0) }
        }
        let tests = questions.map { pair, metric in
            Comparison(pair, metric, questions: questions.count, level: rules.level)
        }
        let adjusted = Holm.adjusted(tests.map { $0?.significance.twoSided ?? 1 })
        return questions.enumerated().compactMap { index, question in
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
