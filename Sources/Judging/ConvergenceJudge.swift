import Statistics

/// Holds what was learnt against each other: not worse, and not suspiciously better.
enum ConvergenceJudge {
    /// Findings of all cases, corrected together.
    static func judge(_ all: [CasePair], _ rules: JudgingRules) -> [Finding] {
        let pairs = all.map(\.onSharedSeeds)
        let questions = pairs.flatMap { pair in
            rules.metrics.filter { $0.stage == .convergence && pair.differs($0) }
                .map { (pair, $0) }
        }
        let tests = questions.map { pair, metric in
            Comparison(pair, metric, questions: questions.count, level: rules.level)
        }
        let adjusted = Holm.adjusted(tests.map { $0?.significance.twoSided ?? 1 })
        var found = all.compactMap(failures)
        for pair in pairs {
            found += rules.metrics.filter { $0.stage == .convergence && !pair.differs($0) }
                .compactMap { equal(pair, $0) }
        }
        for (index, (pair, metric)) in questions.enumerated() {
            let (first, second) = pair.samples(metric)
            guard var finding = Finding(pair, metric, first, second) else { continue }
            if let test = tests[index] {
                finding.conclude(
                    test.evidence(
                        adjustedP: adjusted[index], questions: questions.count, noiseFloor: nil),
                    rules, questions.count)
            } else if !first.isEmpty, !second.isEmpty {
                finding.reason = "no positive value to compare"
            }
            found.append(finding)
        }
        return found
    }

    private static func equal(_ pair: CasePair, _ metric: Metric) -> Finding? {
        let (first, second) = pair.samples(metric)
        guard var finding = Finding(pair, metric, first, second) else { return nil }
        finding.outcome = .same
        finding.reason = "to the last bit, for every seed"
        return finding
    }

    /// Runs that failed or diverged where the baseline's did not.
    private static func failures(_ pair: CasePair) -> Finding? {
        let before = pair.baseline.compactMap(\.failure)
        let now = pair.candidate.compactMap(\.failure)
        let shares = (
            Double(before.count) / Double(max(1, pair.baseline.count)),
            Double(now.count) / Double(max(1, pair.candidate.count))
        )
        guard let why = now.first, shares.1 > shares.0 else { return nil }
        return Finding(
            experiment: pair.experiment, variant: pair.variant, metric: .finalLoss,
            outcome: .worse, baseline: nil, candidate: nil, baselineRuns: pair.baseline.count,
            candidateRuns: pair.candidate.count,
            reason: "\(now.count) of \(pair.candidate.count) runs failed, before "
                + "\(before.count) of \(pair.baseline.count); the first: \(why)", evidence: nil)
    }
}

extension CasePair {
    /// Whether some run learnt something else than its partner, or may have.
    fileprivate func differs(_ metric: Metric) -> Bool {
        let (first, second) = samples(metric)
        if first.isEmpty, second.isEmpty { return false }
        let pairs = sharedSeeds(metric)
        guard isPaired, pairs.count == first.count, pairs.count == second.count else { return true }
        return pairs.contains { $0.first != $0.second }
    }
}

extension Finding {
    fileprivate mutating func conclude(
        _ evidence: Evidence, _ rules: JudgingRules, _ questions: Int
    ) {
        self.evidence = evidence
        guard let ratio else { return }
        let gain = metric.greaterIsBetter ? ratio - 1 : 1 - ratio
        let isSure = evidence.adjustedP <= rules.level
        let size = "\(Self.percent(gain.magnitude)) \(gain < 0 ? "worse" : "better")"
        if gain.magnitude <= rules.lossTolerance {
            outcome = .same
            reason = "\(size), within \(Self.percent(rules.lossTolerance))"
        } else if isSure {
            outcome = gain < 0 ? .worse : gain >= rules.suspiciousGain ? .suspicious : .better
            reason = "\(size), \(Self.chance(evidence.adjustedP))"
            if outcome == .suspicious { reason += "; does it still do the same work?" }
        } else if evidence.smallestP > rules.level {
            outcome = .cannotTell
            reason = tooFew(questions, rules)
        } else {
            outcome = .same
            reason = "\(size), \(Self.chance(evidence.adjustedP)): seeds differ as much"
        }
    }

    /// Words for too few runs.
    func tooFew(_ questions: Int, _ rules: JudgingRules) -> String {
        let runs = Comparison.fewestRuns(questions: questions, level: rules.level)
        let smallest = evidence.map { ", smallest reachable \(Self.chance($0.smallestP))" } ?? ""
        return "too few runs (\(baselineRuns) and \(candidateRuns)\(smallest)); \(runs) on either "
            + "side would do"
    }
}
