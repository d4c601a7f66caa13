import RunStore
import Testing

@Suite struct BaselineTests {
    @Test("a baseline holds its runs until it is set anew, and keeps them from being pruned")
    func held() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        for seed in 1...3 { try store.completeRun(describedRun(seed: UInt64(seed))) }
        try store.setBaseline("main", runs: [1, 2, 2], note: "first")
        try store.setBaseline("other", runs: [3])
        let named = try store.baselines()
        #expect(named.map(\.name) == ["main", "other"] && named.map(\.runs) == [[1, 2], [3]])
        #expect(named[0].note == "first" && named[0].experiments == ["quickstart"])
        try store.setBaseline("main", runs: [2])
        #expect(try store.baselines().map(\.runs) == [[2], [3]])
        #expect(try store.prunable(RunFilter()).map(\.run) == [1])
        #expect(try store.removeBaseline("other"))
        #expect(try store.removeBaseline("other") == false)
        #expect(try store.prunable(RunFilter()).map(\.run) == [1, 3])
    }

    @Test("a baseline of a run that is not there is refused, and the one before it stays")
    func unknown() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(describedRun())
        try store.setBaseline("main", runs: [1])
        #expect(throws: StoreError.unknownRun(9, newest: 1)) {
            try store.setBaseline("main", runs: [1, 9])
        }
        #expect(try store.baselines().map(\.runs) == [[1]])
    }

    @Test("a deleted run leaves its baseline, and is not taken along by a merge")
    func deleted() throws {
        let (folder, other) = (try Folder(), try Folder())
        let store = try RunStore(path: folder.database)
        for seed in 1...2 { try store.completeRun(describedRun(seed: UInt64(seed))) }
        try store.setBaseline("main", runs: [1, 2])
        #expect(try store.prune(runs: [1]) == 1)
        #expect(try store.baselines().map(\.runs) == [[2]])
        let copy = try RunStore(path: other.database)
        #expect(try copy.merge(from: folder.database).added == 1)
        #expect(try copy.baselines().isEmpty)
    }

    @Test("a later calibration takes the place of an earlier one")
    func noise() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        func row(_ metric: String, _ floor: Double) -> NoiseRow {
            NoiseRow(
                caseHash: "c", contextHash: "x", metric: metric, floor: floor, pairs: 8,
                measuredAt: "2026-01-31T09:00:00.000Z")
        }
        try store.record(noise: [row("step", 0.05), row("wait", 0.5)])
        try store.record(noise: [row("step", 0.04)])
        #expect(try store.noise() == [row("step", 0.04), row("wait", 0.5)])
    }

    @Test("a sample has its steps' times without warm-up, and when the target was reached")
    func sample() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(describedRun(target: 0.5), steps: 12)
        try store.completeRun(describedRun(seed: 2, target: 0.6), steps: 4)
        let samples = try store.samples(runs: [1, 2])
        #expect(samples.map { $0.stepNanoseconds.count } == [10, 4])
        #expect(samples[0].stepNanoseconds.allSatisfy { $0 == 21_000_000 })
        #expect(samples.map(\.stepsToTarget) == [12, nil])
        #expect(samples.map(\.messagesPerWorkerStep) == [1, 1])
        #expect(throws: StoreError.unknownRun(7, newest: 2)) { try store.samples(runs: [7]) }
    }
}
