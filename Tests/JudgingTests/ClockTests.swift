import Judging
import Statistics
import Testing

@Suite struct ClockTests {
    private func judge(
        _ baseline: [Double], _ candidate: [Double], shared: Bool = true,
        noise: NoiseFloors = NoiseFloors(), limit: Double = 0.05
    ) -> Judgement {
        var rules = JudgingRules()
        rules.metrics = [.step]
        rules.maxSlowdown = limit
        return Judgement(
            baseline: runs(steps: baseline),
            candidate: runs(steps: candidate, from: shared ? 1 : 50), rules: rules, noise: noise)
    }

    @Test(
        "the same times are the same within noise, and the gate passes", arguments: [true, false])
    func same(shared: Bool) throws {
        let found = judge(usualSteps, usualSteps, shared: shared)
        #expect(found.verdict == .passed)
        let step = try #require(found.finding(.step))
        #expect(step.word == "same within noise" && step.ratio == 1)
    }

    @Test("a planted slow-down of 5 % is slower, a speed-up faster", arguments: [true, false])
    func planted(shared: Bool) throws {
        let slow = judge(usualSteps, usualSteps.reversed().map { $0 * 1.05 }, shared: shared)
        #expect(slow.verdict == .regression && slow.finding(.step)?.word == "slower")
        let fast = judge(usualSteps, usualSteps.map { $0 * 0.9 }, shared: shared)
        #expect(fast.verdict == .passed && fast.finding(.step)?.word == "faster")
    }

    @Test("a sure slow-down whose interval stays below the limit is let through")
    func tolerated() throws {
        let found = judge(usualSteps, usualSteps.map { $0 * 1.02 })
        let step = try #require(found.finding(.step))
        #expect(found.verdict == .passed && step.word == "slower, within the limit")
        #expect(try #require(step.evidence).upper < 1.05)
        #expect(judge(usualSteps, usualSteps.map { $0 * 1.02 }, limit: 0.02).verdict == .regression)
    }

    @Test("a slow-down smaller than the noise that calibration found is none")
    func floor() throws {
        var noise = NoiseFloors()
        noise.set(0.2, caseHash: "case", contextHash: "context", metric: .step)
        let slow = usualSteps.map { $0 * 1.06 }
        #expect(judge(usualSteps, slow, noise: noise).verdict != .regression)
        #expect(judge(usualSteps, slow).verdict == .regression)
        var other = NoiseFloors()
        other.set(0.2, caseHash: "case", contextHash: "elsewhere", metric: .step)
        #expect(judge(usualSteps, slow, noise: other).verdict == .regression)
    }

    @Test("three runs cannot tell, and the finding says how many would do", arguments: 1...3)
    func few(count: Int) throws {
        let few = Array(usualSteps.prefix(count))
        let found = judge(few, few.map { $0 * 1.5 })
        #expect(found.verdict == .notEnoughData)
        let step = try #require(found.finding(.step))
        #expect(step.word == "cannot tell" && step.reason.contains("4 on either side would do"))
        #expect(try #require(step.evidence).smallestP > 0.05)
    }

    @Test("noise that would hide a slow-down of the limit cannot tell")
    func noisy() {
        let noisy = [10.0, 30, 20, 12, 28, 15, 25]
        let found = judge(noisy, [29.0, 11, 21, 27, 13, 26, 16])
        #expect(found.finding(.step)?.outcome == .cannotTell)
    }

    @Test("several questions share one chance to err")
    func holm() throws {
        let slow = usualSteps.map { $0 * 1.05 }
        let variants = (0..<8).map { "v\($0)" }
        var rules = JudgingRules()
        rules.metrics = [.step]
        let found = Judgement(
            baseline: variants.flatMap { runs(steps: usualSteps, variant: $0) },
            candidate: variants.flatMap {
                runs(steps: $0 == "v3" ? slow : usualSteps, variant: $0)
            }, rules: rules)
        #expect(found.findings.filter(\.isRegression).map(\.variant) == ["v3"])
        for finding in found.findings {
            let evidence = try #require(finding.evidence)
            #expect(evidence.adjustedP >= evidence.p && evidence.test == "Mann-Whitney")
        }
    }

    @Test("pairs are used where seeds are shared and enough of them, ranks otherwise")
    func tests() {
        #expect(judge(usualSteps, usualSteps).finding(.step)?.evidence?.test == "signed-rank")
        let apart = judge(usualSteps, usualSteps, shared: false)
        #expect(apart.finding(.step)?.evidence?.test == "Mann-Whitney")
        let five = Array(usualSteps.prefix(5))
        #expect(judge(five, five).finding(.step)?.evidence?.test == "Mann-Whitney")
    }

    @Test(
        "of 400 gates between equal machines fewer than 1 in 50 find a regression",
        arguments: [7, 10])
    func falseAlarms(count: Int) {
        var generator = SeededGenerator(seed: 5)
        func times() -> [Double] {
            (0..<count).map { _ in
                let noise = (0..<12).reduce(-6.0) { sum, _ in
                    sum + Double.random(in: 0..<1, using: &generator)
                }
                return 20 * (1 + 0.015 * noise)
            }
        }
        let alarms = (0..<400).filter { _ in judge(times(), times()).verdict == .regression }.count
        #expect(alarms < 8)
    }

    @Test("a slow-down that a second measurement does not find is not confirmed")
    func confirmation() {
        let slow = usualSteps.map { $0 * 1.06 }
        var found = judge(usualSteps, slow)
        #expect(found.awaitsConfirmation)
        found.confirm(with: judge(usualSteps, slow))
        #expect(found.verdict == .regression)
        found.confirm(with: judge(usualSteps, usualSteps))
        #expect(found.verdict == .passed && found.finding(.step)?.word == "not confirmed")
    }

    @Test("a second measurement too noisy to tell clears only what it rules out")
    func noisyConfirmation() {
        let second = judge([18.0, 22, 20, 19, 21, 23, 17], [22.0, 18, 19, 21, 20, 17, 23])
        #expect(second.finding(.step)?.outcome == .cannotTell)
        var great = judge(usualSteps, usualSteps.map { $0 * 2 })
        great.confirm(with: second)
        #expect(great.verdict == .passed)
        var small = judge(usualSteps, usualSteps.map { $0 * 1.06 })
        small.confirm(with: second)
        #expect(small.verdict == .regression)
    }

    @Test("the floor of a calibration is what 19 of 20 pairs stay within, whichever came first")
    func noiseFloor() throws {
        let pairs = (1...20).map { (first: 100.0, second: 100.0 + Double($0)) }
        let floor = try #require(NoiseFloors.floor(pairs: pairs))
        #expect(floor > 0.18 && floor < 0.2)
        let turned = pairs.map { (first: $0.second, second: $0.first) }
        #expect(NoiseFloors.floor(pairs: turned) == floor)
        #expect(NoiseFloors.floor(pairs: [(1, 1)]) == nil)
        #expect(NoiseFloors.floor(pairs: [(0, 1), (1, 1)]) == nil)
    }

    @Test("a side without times cannot be told; a phase that neither side has is left out")
    func lacking() {
        var rules = JudgingRules()
        rules.metrics = [.step, .encode]
        let timed = runs(steps: usualSteps)
        let untimed = runs(steps: usualSteps) { $0.values[.step] = nil }
        for (baseline, candidate) in [(timed, untimed), (untimed, timed), (untimed, untimed)] {
            let found = Judgement(baseline: baseline, candidate: candidate, rules: rules)
            #expect(found.verdict == .notEnoughData && found.findings.map(\.metric) == [.step])
        }
    }

    @Test("the time of a run's steps is that of those that nothing disturbed")
    func stepTime() {
        let quiet = (0..<100).map { 10e6 + Double($0) * 1e3 }
        let disturbed = quiet.map { $0 > 10.03e6 ? 3 * $0 : $0 }
        #expect(
            StepTime.milliseconds(nanoseconds: quiet)
                == StepTime.milliseconds(nanoseconds: disturbed))
        #expect(StepTime.milliseconds(nanoseconds: []) == nil)
        #expect(StepTime.milliseconds(nanoseconds: [5e6]) == 5)
    }
}
