import Judging
import Testing

@Suite struct JudgementTests {
    private let usual = runs(steps: usualSteps)

    @Test("a candidate like its baseline passes in every figure")
    func equal() {
        let found = Judgement(baseline: usual, candidate: usual)
        #expect(found.verdict == .passed && found.differences.isEmpty && found.notes.isEmpty)
        #expect(found.findings.map(\.metric) == Metric.usual.filter { $0 != .serverBytes })
        #expect(found.findings.allSatisfy { $0.outcome == .same })
    }

    @Test("runs of another context are not compared, and the key is named")
    func context() {
        let here = runs(steps: usualSteps) { $0.context = ["cores": "2", "processor": "old"] }
        let other = runs(steps: usualSteps, contextHash: "other") {
            $0.context = ["cores": "2", "processor": "new"]
        }
        let found = Judgement(baseline: here, candidate: other)
        #expect(found.verdict == .mismatch && found.findings.isEmpty)
        #expect(
            found.differences
                == [ContextDifference(key: "processor", first: "old", other: "new")])
        var rules = JudgingRules()
        rules.ignoredKeys = ["processor"]
        let allowed = Judgement(baseline: here, candidate: other, rules: rules)
        #expect(allowed.verdict == .passed)
        #expect(allowed.notes == ["Differs, and is let through: processor (old, new)"])
    }

    @Test("hashes that differ without a key that tells why are a mismatch, too")
    func unexplained() {
        let other = runs(steps: usualSteps, contextHash: "other")
        #expect(Judgement(baseline: usual, candidate: other).differences.map(\.key) == ["context"])
        let asked = runs(steps: usualSteps, caseHash: "other")
        #expect(Judgement(baseline: usual, candidate: asked).differences.map(\.key) == ["case"])
    }

    @Test("another version of the program is what a gate is for, not a mismatch")
    func version() {
        func made(_ version: String) -> [MeasuredRun] {
            runs(steps: usualSteps, contextHash: version) { $0.context = ["peerless": version] }
        }
        #expect(Judgement(baseline: made("1"), candidate: made("2")).verdict == .passed)
    }

    @Test("a changed question is a mismatch by its key")
    func asked() {
        let other = runs(steps: usualSteps, caseHash: "other") { $0.asked = ["steps": "200"] }
        let found = Judgement(baseline: usual, candidate: other)
        #expect(found.verdict == .mismatch && found.differences.map(\.key) == ["case.steps"])
    }

    @Test("one side of mixed contexts is a mismatch as well")
    func mixed() {
        var mixed = usual
        mixed[3].contextHash = "other"
        #expect(Judgement(baseline: mixed, candidate: usual).verdict == .mismatch)
    }

    @Test("no case in common, or one that the candidate lacks, is too little; a new one is told")
    func cases() {
        let other = runs(steps: usualSteps, variant: "topk")
        #expect(Judgement(baseline: usual, candidate: other).verdict == .notEnoughData)
        #expect(Judgement(baseline: [], candidate: usual).verdict == .notEnoughData)
        let lacking = Judgement(baseline: usual + other, candidate: usual)
        #expect(lacking.verdict == .notEnoughData)
        #expect(lacking.notes == ["ci/topk: the candidate has no run of it."])
        let more = Judgement(baseline: usual, candidate: usual + other)
        #expect(more.verdict == .passed)
        #expect(more.notes == ["ci/topk: new, the baseline has no run of it."])
    }

    @Test("a regression counts for more than what cannot be told")
    func order() {
        let few = runs(steps: [20, 20]) { $0.values[.bytesSent]? += 1 }
        let found = Judgement(baseline: Array(usual.prefix(2)), candidate: few)
        #expect(found.verdict == .regression && !found.awaitsConfirmation)
    }

    @Test("a loss that is worse for every seed is a regression; far better is suspicious")
    func loss() {
        func learnt(_ factor: Double) -> Judgement {
            Judgement(
                baseline: usual,
                candidate: runs(steps: usualSteps) { $0.values[.finalLoss]? *= factor })
        }
        #expect(learnt(1.1).verdict == .regression)
        #expect(learnt(1.1).finding(.finalLoss)?.word == "worse")
        #expect(learnt(1.001).finding(.finalLoss)?.outcome == .same)
        #expect(learnt(0.9).finding(.finalLoss)?.outcome == .better)
        let strange = learnt(0.5)
        #expect(strange.verdict == .passed)
        #expect(strange.finding(.finalLoss)?.word == "suspiciously better")
    }

    @Test("a worse accuracy is a regression, a better one is not")
    func accuracy() {
        func learnt(_ accuracy: Double) -> Judgement {
            Judgement(
                baseline: usual,
                candidate: runs(steps: usualSteps) { $0.values[.finalAccuracy] = accuracy })
        }
        #expect(learnt(0.8).finding(.finalAccuracy)?.word == "worse")
        #expect(learnt(0.95).finding(.finalAccuracy)?.word == "better")
    }

    @Test("runs that fail where the baseline's do not are a regression with the reason")
    func failures() {
        let failed = runs(steps: usualSteps) { run in
            guard run.seed == 7 else { return }
            run.failure = "diverged"
            run.values = [:]
        }
        let found = Judgement(baseline: usual, candidate: failed)
        #expect(found.verdict == .regression)
        let reasons = found.findings.filter(\.isRegression).map(\.reason)
        #expect(reasons.contains("1 of 7 runs failed, before 0 of 7; the first: diverged"))
        let before = Judgement(baseline: failed, candidate: failed)
        #expect(before.findings.allSatisfy { !$0.isRegression })
    }
}
