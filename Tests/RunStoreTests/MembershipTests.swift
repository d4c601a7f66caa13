import Foundation
import GRDB
import RunStore
import Testing

@Suite struct MembershipTests {
    private let folder: Folder
    private let store: RunStore
    private let run: Int64
    private let time = Date(timeIntervalSince1970: 1_700_000_000)

    init() throws {
        folder = try Folder()
        store = try RunStore(path: folder.database)
        run = try store.createRun(describedRun())
    }

    private func node(_ rank: Int, _ generation: Int, _ name: String) -> NodeRow {
        var row = NodeRow(
            run: run, rank: rank, role: "worker", name: name, host: "h", pid: 7,
            generation: generation)
        row.publicKey = rank == 0 ? "key of \(name)" : nil
        return row
    }

    private func recovery(_ generation: Int, step: Int = 20) -> RecoveryRow {
        RecoveryRow(
            run: run, generation: generation, cause: .workerLost, detectedAt: time, step: step,
            worldBefore: 2, worldAfter: 1)
    }

    private func checkpoint(_ step: Int, _ rank: Int) -> CheckpointRow {
        CheckpointRow(
            run: run, step: step, rank: rank, world: 2, path: "/c/\(step).\(rank)", bytes: 99,
            nanoseconds: 5, checksum: "ab")
    }

    @Test("a rank may be held by another node in every generation")
    func generations() throws {
        let rows = [node(0, 0, "w0"), node(1, 0, "w1"), node(0, 1, "w1"), node(0, 2, "w3")]
        try store.insert(nodes: rows.reversed())
        #expect(try store.nodes(run: run) == rows)
    }

    @Test("an unfinished run comes back with its identity, its newest nodes and its newest steps")
    func unfinished() throws {
        try store.setMembership(run: run, identity: .max - 4, generation: 1)
        try store.setStatus(run: run, .running, parameters: 650)
        try store.insert(nodes: [node(0, 0, "w0"), node(1, 0, "w1"), node(0, 1, "w1")])
        try store.insert(steps: (0..<5).map { step(run: run, rank: 0, step: $0) })
        try store.insert(steps: (0..<3).map { step(run: run, rank: 1, step: $0) })
        let queued = try store.createRun(describedRun(variant: "next"))
        try store.completeRun(describedRun(variant: "done"))
        let found = try store.unfinishedRuns()
        #expect(found.map(\.run) == [run, queued])
        let first = try #require(found.first)
        #expect(first.status == .running && first.identity == .max - 4 && first.generation == 1)
        #expect(first.nodes == [node(0, 1, "w1")] && first.newestSteps == [0: 4, 1: 2])
        #expect(first.parameters == 650)
        #expect(first.description == (try store.detail(run: run)).description)
        let second = try #require(found.last)
        #expect(second.status == .queued && second.identity == nil && second.generation == 0)
        #expect(second.nodes.isEmpty && second.newestSteps.isEmpty)
    }

    private func node(_ rank: Int, _ generation: Int, _ name: String, from step: Int?) -> NodeRow {
        var row = node(rank, generation, name)
        row.firstStep = step
        return row
    }

    @Test("rows of steps that a node took part in and never told of are found")
    func gaps() throws {
        try store.insert(
            nodes: [
                node(0, 0, "w0", from: 0), node(1, 0, "w1", from: 0), node(2, 0, "w2", from: 0),
                node(0, 1, "w0", from: 6), node(1, 1, "w2", from: 6),
            ])
        func insert(_ rank: Int, _ steps: [Int]) throws {
            try store.insert(steps: steps.map { step(run: run, rank: rank, step: $0) })
        }
        try insert(0, Array(0..<9))
        // The second of three was lost, and the third, which is the second of two now, had told late.
        try insert(1, [0, 1, 2, 3, 6, 7, 8])
        try insert(2, [0, 1, 3, 4, 5])
        let found = try store.gaps(run: run, isComplete: true)
        #expect(found.map(\.name) == ["w2", "w1"] && found.map(\.rank) == [2, 1])
        #expect(found.map(\.steps) == [0...5, 4...5] && found.map(\.count) == [1, 2])
        #expect(found[0].description.hasPrefix("rank 2 has no rows of 1 of steps 0 to 5:"))
        #expect(found[1].description.hasPrefix("rank 1 has no rows of steps 4 to 5:"))
        #expect(try store.gaps(run: run, isComplete: false) == found)
        try insert(1, [4, 5])
        try insert(2, [2])
        #expect(try store.gaps(run: run, isComplete: true).isEmpty)
        try insert(0, [9])
        #expect(try store.gaps(run: run, isComplete: true).map(\.name) == ["w2"])
        #expect(try store.gaps(run: run, isComplete: false).isEmpty)
    }

    @Test("of generations whose first step is not on record nothing is said")
    func noGaps() throws {
        try store.insert(nodes: [node(0, 0, "w0"), node(1, 0, "w1")])
        try store.insert(steps: [step(run: run, rank: 0, step: 0)])
        #expect(try store.gaps(run: run, isComplete: true).isEmpty)
    }

    @Test("a run taken back loses steps from there on and evaluations after it, with an event")
    func rewound() throws {
        for rank in 0..<2 {
            try store.insert(steps: (0..<9).map { step(run: run, rank: rank, step: $0) })
        }
        try store.insert(
            evaluations: [4, 5, 6].map { evaluation(run: run, step: $0, accuracy: 0.5) })
        try store.record(
            observations: [4, 5, 6].map { ObservationRow(run: run, step: $0, workers: 2) })
        let other = try store.completeRun(describedRun(variant: "other"), steps: 9)
        let event = EventRow(run: run, time: time, kind: "rewound", node: nil, detail: "to 5")
        try store.rewind(run: run, toStep: 5, event: event)
        #expect(try store.steps(run: run).map(\.step) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
        #expect(try store.evaluations(run: run).map(\.step) == [4, 5])
        #expect(try store.observations(run: run).map(\.step) == [4])
        #expect(try store.events(run: run) == [event])
        #expect(try store.steps(run: other).count == 18)
    }

    @Test("a rewind whose event cannot be recorded deletes nothing")
    func atomicRewind() throws {
        try store.insert(steps: (0..<9).map { step(run: run, rank: 0, step: $0) })
        try DatabaseQueue(path: folder.database).write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE INSERT ON event
                    BEGIN SELECT raise(ABORT, 'no'); END
                    """)
        }
        let event = EventRow(run: run, time: time, kind: "k", node: nil, detail: "")
        #expect(throws: StoreError.self) { try store.rewind(run: run, toStep: 5, event: event) }
        #expect(try store.steps(run: run).count == 9)
    }

    @Test("how far a run came is known from its steps, or from the summary that took their place")
    func reached() throws {
        #expect(try store.stepsReached(run: run) == 0)
        try store.insert(steps: (0..<9).map { step(run: run, rank: 0, step: $0) })
        try store.insert(steps: (0..<7).map { step(run: run, rank: 1, step: $0) })
        #expect(try store.stepsReached(run: run) == 9)
        try store.end(run: run, .failed, failure: "why", checksum: nil, keepsSteps: false)
        #expect(try store.steps(run: run).isEmpty && store.stepsReached(run: run) == 9)
        try store.reopen(run: run)
        try store.record(recoveries: [recovery(1, step: 30), recovery(2, step: 20)])
        #expect(try store.stepsReached(run: run) == 20)
    }

    @Test("recoveries and checkpoints come back as they went in, and replace earlier ones")
    func rows() throws {
        var full = recovery(1)
        full.node = "w1"
        full.slot = 1
        full.injectedAt = time - 3
        full.recoveredAt = time + 2
        full.detectSeconds = 3
        full.recoverSeconds = 2
        full.stepsRedone = 1
        full.samplesLost = 8
        full.residualNorm = 0.25
        full.residualStep = 18
        full.lossBefore = 1
        full.lossAfter = 1.5
        let checkpoints = [checkpoint(10, 0), checkpoint(10, 1), checkpoint(20, 0)]
        try store.record(recovery: recovery(1))
        try store.record(recoveries: [recovery(2), full], checkpoints: checkpoints.reversed())
        #expect(try store.recoveries(run: run) == [full, recovery(2)])
        #expect(try store.checkpoints(run: run) == checkpoints)
        let detail = try store.detail(run: run)
        #expect(detail.recoveries == [full, recovery(2)] && detail.checkpoints == checkpoints)
        try store.dropCheckpoints(run: run, before: 20)
        #expect(try store.checkpoints(run: run) == [checkpoints[2]])
    }

    @Test(
        "every cause of a recovery is one that the schema takes",
        arguments: RecoveryRow.Cause.allCases)
    func causes(cause: RecoveryRow.Cause) throws {
        var row = recovery(1)
        row.cause = cause
        try store.record(recovery: row)
        #expect(try store.recoveries(run: run) == [row])
    }

    @Test("the loss around a step is the mean of ten steps on each side, of all workers")
    func losses() throws {
        let rows = (0..<40).flatMap { number in
            (0..<2).map { rank in
                step(run: run, rank: rank, step: number, loss: Double(number + 100 * rank))
            }
        }
        try store.insert(steps: rows + [step(run: run, rank: 2, step: 20, loss: nil)])
        let around = try store.lossAround(run: run, step: 20)
        #expect(around.before == 64.5 && around.after == 74.5)
        let first = try store.lossAround(run: run, step: 0)
        #expect(first.before == nil && first.after == 54.5)
        #expect(try store.lossAround(run: run, step: 38).after == 88.5)
    }

    @Test("a summary sums what recoveries cost, and fills in the losses around them")
    func summary() throws {
        try store.setStatus(run: run, .running, parameters: 100)
        try store.insert(
            steps: (0..<40).map { step(run: run, rank: 0, step: $0, loss: $0 < 20 ? 1 : 1.5) })
        var first = recovery(1)
        first.detectSeconds = 3
        first.recoverSeconds = 1
        first.stepsRedone = 1
        first.samplesLost = 8
        var second = recovery(2, step: 30)
        second.recoverSeconds = 2
        second.stepsRedone = 2
        try store.record(recoveries: [first, second])
        try store.summarise(run: run, checksum: nil)
        try store.setStatus(run: run, .completed)
        let faults = try #require(try store.comparison().first).faults
        #expect(
            faults
                == FaultFigures(
                    recoveries: 2, detectSeconds: 3, recoverSeconds: 1.5, stepsRedone: 3,
                    samplesLost: 8, lossBump: 0.5))
        #expect(try store.recoveries(run: run).map(\.lossBefore) == [1, 1.5])
        let calm = try store.completeRun(describedRun(variant: "calm"))
        #expect(try store.detail(run: calm).summary.faults == nil)
    }

    @Test("a run that a loss ended has no figures but what the loss cost")
    func ended() throws {
        try store.setStatus(run: run, .running, parameters: 100)
        try store.insert(steps: (0..<20).map { step(run: run, rank: 0, step: $0) })
        var lost = recovery(1)
        lost.detectSeconds = 2
        try store.record(recovery: lost)
        try store.setStatus(run: run, .failed, failure: "worker 1 was lost")
        try store.summarise(run: run, checksum: nil)
        let row = try #require(try store.comparison().first)
        #expect(row.samplesPerSecond == nil && row.finalLoss == nil)
        #expect(row.faults?.detectSeconds == 2 && row.faults?.recoverSeconds == nil)
        #expect(row.faults?.lossBump == nil)
    }

    @Test("a loss that ended a run has no loss behind it, also where the run was resumed")
    func endedAndResumed() throws {
        try store.setStatus(run: run, .running, parameters: 100)
        try store.insert(steps: (0..<20).map { step(run: run, rank: 0, step: $0, loss: 1) })
        let lost = RecoveryRow(
            run: run, generation: 1, cause: .workerLost, detectedAt: Date(), step: 20,
            worldBefore: 2, worldAfter: 0)
        try store.record(recovery: lost)
        try store.setStatus(run: run, .failed, failure: "worker 1 was lost")
        try store.summarise(run: run, checksum: nil)
        try store.reopen(run: run)
        try store.insert(steps: (20..<40).map { step(run: run, rank: 0, step: $0, loss: 3) })
        try store.summarise(run: run, checksum: 1)
        let row = try #require(try store.recoveries(run: run).first)
        #expect(row.lossBefore == 1 && row.lossAfter == nil)
    }

    @Test("a run that failed or was cancelled is queued again without its end; no other is")
    func reopened() throws {
        for status in RunStatus.allCases {
            let run = try store.createRun(describedRun(variant: status.rawValue))
            try store.insert(steps: [step(run: run, rank: 0, step: 0)])
            if status != .queued { try store.setStatus(run: run, .running, parameters: 5) }
            try store.summarise(run: run, checksum: 1)
            try store.setStatus(run: run, status, failure: "words")
            guard status == .failed || status == .cancelled else {
                let error = #expect(throws: StoreError.notResumable(run, status)) {
                    try store.reopen(run: run)
                }
                #expect(error?.description.contains(status.rawValue) == true)
                continue
            }
            try store.reopen(run: run)
            let detail = try store.detail(run: run)
            #expect(detail.summary.status == .queued && detail.summary.failure == nil)
            #expect(detail.finishedAt == nil && detail.startedAt != nil)
            #expect(try store.runs().first { $0.run == run }?.steps == nil)
            #expect(try store.steps(run: run).count == 1)
        }
        #expect(throws: StoreError.self) { try store.reopen(run: 99) }
    }

    @Test("one interrupted run is failed alone, once")
    func interruptedAlone() throws {
        let other = try store.createRun(describedRun(variant: "other"))
        #expect(try store.markInterrupted(run: other))
        #expect(try !store.markInterrupted(run: other))
        #expect(try store.runs().map(\.status) == [.queued, .failed])
        #expect(try store.events(run: other).map(\.kind) == ["interrupted"])
    }

    @Test("membership of a run that is not there is refused")
    func unknown() throws {
        #expect(throws: StoreError.unknownRun(9, newest: run)) {
            try store.setMembership(run: 9, identity: 1, generation: 1)
        }
    }
}
