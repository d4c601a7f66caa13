import Judging
import Testing

@Suite struct CounterTests {
    private func judge(
        _ metric: Metric, sharedSeeds: Bool = true,
        baseline: (inout MeasuredRun) -> Void = { _ in },
        candidate: (inout MeasuredRun) -> Void
    ) -> Judgement {
        var rules = JudgingRules()
        rules.metrics = [metric]
        return Judgement(
            baseline: runs(steps: usualSteps, change: baseline),
            candidate: runs(steps: usualSteps, from: sharedSeeds ? 1 : 100, change: candidate),
            rules: rules)
    }

    @Test(
        "one byte per step more is a regression, whether or not seeds are shared",
        arguments: [Metric.bytesSent, .bytesReceived, .messages], [true, false])
    func oneByte(metric: Metric, shared: Bool) {
        let found = judge(metric, sharedSeeds: shared) { $0.values[metric]? += 1 }
        #expect(found.verdict == .regression)
        #expect(found.finding(metric)?.word == "more")
        #expect(found.finding(metric)?.reason.contains("by up to 1") == true)
    }

    @Test("one byte in one step of one of seven runs is found")
    func oneByteOnce() {
        let found = judge(.bytesSent) { if $0.seed == 4 { $0.values[.bytesSent]? += 1.0 / 500 } }
        #expect(found.verdict == .regression)
        #expect(found.finding(.bytesSent)?.reason.contains("1 of 7 count more") == true)
    }

    @Test("the same counts are equal, fewer are no regression")
    func equalAndLess() {
        #expect(judge(.bytesSent) { _ in }.finding(.bytesSent)?.word == "equal")
        let less = judge(.bytesSent) { $0.values[.bytesSent]? -= 1 }
        #expect(less.verdict == .passed && less.finding(.bytesSent)?.word == "less")
    }

    @Test("counts that vary with the seed are held to 0.5 % where seeds are not shared")
    func varying() {
        func vary(_ by: Double) -> (inout MeasuredRun) -> Void {
            { run in run.values[.bytesSent]? += Double(run.seed % 7) + by }
        }
        let within = judge(
            .bytesSent, sharedSeeds: false, baseline: vary(0), candidate: vary(8_000))
        #expect(within.verdict == .passed)
        let beyond = judge(
            .bytesSent, sharedSeeds: false, baseline: vary(0), candidate: vary(9_000))
        #expect(beyond.verdict == .regression)
    }

    @Test("a lost node makes counts vary, so they are held to 0.5 %")
    func lost() {
        let found = judge(.bytesSent) { run in
            run.lostNodes = true
            run.values[.bytesSent]? += 1
        }
        #expect(found.verdict == .passed)
    }

    @Test("a target reached later, or by fewer runs, is a regression; much earlier is suspicious")
    func target() {
        let later = judge(.stepsToTarget) { $0.values[.stepsToTarget] = 41 }
        #expect(later.verdict == .regression)
        let fewer = judge(.stepsToTarget) { if $0.seed == 2 { $0.values[.stepsToTarget] = nil } }
        #expect(fewer.verdict == .regression)
        #expect(fewer.findings.first?.reason == "6 of 7 runs reach the target, before 7 of 7")
        let none = judge(.stepsToTarget) { $0.values[.stepsToTarget] = nil }
        #expect(none.verdict == .regression)
        let early = judge(.stepsToTarget) { $0.values[.stepsToTarget] = 20 }
        #expect(early.verdict == .passed && early.findings.first?.outcome == .suspicious)
        let first = judge(.stepsToTarget, baseline: { $0.values[.stepsToTarget] = nil }) { _ in }
        #expect(first.findings.first?.outcome == .better)
    }

    @Test("a figure that neither side has is not told; one that one side lacks cannot be told")
    func lacking() {
        let both = judge(.serverBytes) { _ in }
        #expect(both.findings.isEmpty && both.verdict == .notEnoughData)
        let one = judge(.bytesSent) { $0.values[.bytesSent] = nil }
        #expect(one.finding(.bytesSent)?.outcome == .cannotTell && one.verdict == .notEnoughData)
    }

    @Test("of partly shared seeds only the shared ones count")
    func partlyShared() {
        var rules = JudgingRules()
        rules.metrics = [.stepsToTarget, .finalLoss]
        let baseline = runs(steps: usualSteps) { $0.values[.stepsToTarget] = 20 }
        let candidate =
            Array(baseline.prefix(4))
            + runs(steps: usualSteps, from: 50) { $0.values[.stepsToTarget] = 40 }
        let found = Judgement(baseline: baseline, candidate: candidate, rules: rules)
        #expect(found.verdict == .passed && found.findings.allSatisfy { $0.candidateRuns == 4 })
    }
}
