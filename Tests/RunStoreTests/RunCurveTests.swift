import RunStore
import Testing

@Suite struct RunCurveTests {
    @Test("parts add up to what the steps say, however many steps are in one", arguments: 1...13)
    func sums(stepsPerPart: Int) throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.completeRun(describedRun(), steps: 12)
        let curve = try store.curve(run: run, stepsPerPart: stepsPerPart)
        #expect(curve.parts.count == (12 + stepsPerPart - 1) / stepsPerPart)
        let last = try #require(curve.parts.last)
        #expect(last.step == 12 && last.bytes == 1200)
        #expect(abs(last.seconds - 12 * 0.021) < 1e-9)
        #expect(curve.parts.allSatisfy { $0.loss == 1 })
        #expect(curve.waiting.map(\.rank) == [0, 1])
        for rank in curve.waiting {
            #expect(abs(rank.milliseconds - 4) < 1e-9 && abs(rank.totalMilliseconds - 21) < 1e-9)
            #expect(rank.parts.count == curve.parts.count)
        }
        let half = try #require(curve.place(ofStep: 6))
        #expect(abs(half.bytes - 600) < 1e-9)
    }

    @Test("the clock is the slowest worker's, bytes are those of a worker that stayed")
    func lostWorker() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.createRun(describedRun())
        try store.insert(steps: (0..<10).map { step(run: run, rank: 0, step: $0) })
        try store.insert(steps: (0..<4).map { step(run: run, rank: 1, step: $0, unit: 2_000_000) })
        // The server's rank.
        try store.insert(steps: (0..<10).map { step(run: run, rank: 2, step: $0, sent: 9999) })
        let curve = try store.curve(run: run, stepsPerPart: 4)
        #expect(curve.parts.map(\.step) == [4, 8, 10])
        #expect(curve.parts.map(\.bytes) == [400, 800, 1000])
        #expect(curve.parts.map { ($0.seconds * 1000).rounded() } == [168, 168, 210])
        #expect(curve.waiting.map(\.isWorker) == [true, true, false])
        #expect(curve.waiting[1].parts == [8, nil, nil])
    }

    @Test("a loss that is not finite is no number")
    func diverged() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.createRun(describedRun())
        for rank in 0..<2 {
            try store.insert(
                steps: (0..<4).map {
                    step(run: run, rank: rank, step: $0, loss: rank == 1 && $0 > 1 ? .nan : 2)
                })
        }
        let curve = try store.curve(run: run, stepsPerPart: 2)
        #expect(curve.parts.map(\.loss) == [2, nil])
        #expect(try store.lastStep(run: run) == 3)
    }

    @Test("a run without a step has an empty curve, and one that is not there none")
    func empty() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.createRun(describedRun())
        #expect(try store.curve(run: run, stepsPerPart: 1).parts.isEmpty)
        #expect(try store.lastStep(run: run) == nil)
        #expect(throws: StoreError.self) { try store.curve(run: run + 1, stepsPerPart: 1) }
    }
}
