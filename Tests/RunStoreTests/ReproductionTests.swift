import Foundation
import RunStore
import Testing

@Suite struct ReproductionTests {
    /// A completed run of two workers as the store tells it.
    private func recorded(
        _ run: Int64, checksum: String? = "aa", status: RunStatus = .completed,
        context: (hash: String, json: String) = ("h", "{}")
    ) -> RunDetail {
        var row = ComparisonRow(
            run: run, experiment: "e", variant: "v", seed: 1, status: status, topology: "ring",
            method: "dense", workers: 2)
        row.checksum = checksum
        var description = describedRun()
        description.contextHash = context.hash
        description.context = context.json
        return RunDetail(
            description: description, summary: row, createdAt: "", startedAt: nil, finishedAt: nil,
            evaluations: [evaluation(run: run, step: 4, loss: 0.5, accuracy: 0.7)], events: [],
            nodes: [])
    }

    private func steps(_ run: Int64, count: Int = 4, change: (Int, Int) -> Double = { _, _ in 0 })
        -> [StepRow]
    {
        (0..<count).flatMap { number in
            (0..<2).map { rank in
                step(
                    run: run, rank: rank, step: number,
                    loss: 2 - 0.25 * Double(number) + change(number, rank))
            }
        }
    }

    @Test("equal figures and checksums are bit-equal, whatever the times were")
    func equal() {
        let other = steps(2).map { row in
            var row = row
            row.totalNanoseconds *= 3
            return row
        }
        let found = Reproduction(recorded(1), steps: steps(1), with: recorded(2), steps: other)
        #expect(found.verdict == .equal && found.comparedSteps == 8)
        #expect(found.firstDifference == nil && found.surroundings.isEmpty)
    }

    @Test("the first step that differs is named, with its rank and by how much", arguments: 0..<4)
    func different(first: Int) {
        let changed = steps(2) { step, rank in step >= first && rank == 1 ? 0.5 : 0 }
        let found = Reproduction(recorded(1), steps: steps(1), with: recorded(2), steps: changed)
        #expect(found.verdict == .different)
        #expect(found.firstDifference?.step == first && found.firstDifference?.rank == 1)
        #expect(found.firstDifference?.amount == 0.5)
    }

    @Test("another checksum is a difference even where no loss shows it")
    func checksum() {
        let found = Reproduction(
            recorded(1), steps: steps(1), with: recorded(2, checksum: "bb"), steps: steps(2))
        #expect(found.verdict == .different && found.firstDifference == nil)
    }

    @Test("a missing step of a completed run is a difference; of one that ended early it is not")
    func missing() {
        let short = steps(2, count: 3)
        let both = Reproduction(recorded(1), steps: steps(1), with: recorded(2), steps: short)
        #expect(both.verdict == .different && both.firstDifference?.step == 3)
        #expect(both.firstDifference?.amount == nil)
        let early = Reproduction(
            recorded(1, checksum: nil, status: .cancelled), steps: short, with: recorded(2),
            steps: steps(2))
        #expect(early.verdict == .equal && early.comparedSteps == 6)
    }

    @Test("a summary alone is compared by its checksum")
    func summaryOnly() {
        let found = Reproduction(recorded(1), steps: [], with: recorded(2), steps: steps(2))
        #expect(found.verdict == .equal && found.comparedSteps == 0)
    }

    @Test("a repetition that did not end is a failure; two that share nothing have no verdict")
    func ends() {
        let failed = Reproduction(
            recorded(1), steps: steps(1), with: recorded(2, checksum: nil, status: .failed),
            steps: [])
        #expect(failed.verdict == .failed)
        var (first, second) = (recorded(1, status: .failed), recorded(2, status: .failed))
        first.evaluations = []
        second.evaluations = []
        let nothing = Reproduction(first, steps: [], with: second, steps: steps(2))
        #expect(nothing.verdict == .incomparable)
    }

    @Test("what the two ran on is told key by key, and where a loss ends what can be promised")
    func surroundings() {
        var first = recorded(1, context: ("a", #"{"cores": 2, "blas": "Z"}"#))
        let second = recorded(2, context: ("b", #"{"cores": 4, "blas": "Z"}"#))
        first.recoveries = [
            RecoveryRow(
                run: 1, generation: 1, cause: .workerLost, detectedAt: .distantPast, step: 3,
                worldBefore: 2, worldAfter: 1)
        ]
        let found = Reproduction(first, steps: steps(1), with: second, steps: steps(2))
        #expect(found.surroundings.map(\.key) == ["cores"])
        #expect(found.surroundings.first?.stored == "2")
        #expect(found.surroundings.first?.repeated == "4")
        #expect(found.lossStep == 3 && found.verdict == .equal)
        // Another coordinator, and the same members: every bit is promised.
        first.recoveries[0].cause = .coordinatorLost
        first.recoveries[0].worldAfter = 2
        #expect(Reproduction(first, steps: steps(1), with: second, steps: steps(2)).lossStep == nil)
    }
}
