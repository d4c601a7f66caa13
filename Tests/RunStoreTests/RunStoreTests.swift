import Foundation
import RunStore
import Testing

@Suite struct RunStoreTests {
    @Test("a described run comes back as it went in, seeds of 64 bits included")
    func roundTrip() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        var asked = describedRun(seed: .max, target: 0.85)
        asked.link = "1gbit 200us"
        asked.gitRevision = "abc"
        let run = try store.createRun(asked)
        let detail = try store.detail(run: run)
        #expect(detail.description == asked)
        #expect(detail.summary.status == .queued)
        #expect(detail.summary.seed == .max)
        #expect(detail.startedAt == nil && detail.finishedAt == nil)
    }

    @Test("rows come back as they went in")
    func rows() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.createRun(describedRun())
        let steps = [
            step(run: run, rank: 0, step: 0), step(run: run, rank: 0, step: 1, loss: nil),
            step(run: run, rank: 1, step: 0, loss: 0.25),
        ]
        let evaluations = [evaluation(run: run, step: 2, seconds: 0.5, accuracy: 0.75)]
        let time = Date(timeIntervalSince1970: 1_700_000_000.123)
        let events = [
            EventRow(run: run, time: time, kind: "lost", node: "w1", detail: "no heartbeat"),
            EventRow(run: nil, time: time, kind: "started", node: nil, detail: "coordinator"),
        ]
        let nodes = [
            NodeRow(run: run, rank: 0, role: "worker", name: "w0", host: "a", pid: 7),
            NodeRow(run: run, rank: 1, role: "server", name: "s", host: "b", pid: 8),
        ]
        try store.record(steps: steps.reversed(), evaluations: evaluations, events: events)
        try store.insert(nodes: nodes.reversed())
        #expect(try store.steps(run: run) == steps)
        #expect(try store.evaluations(run: run) == evaluations)
        #expect(try store.nodes(run: run) == nodes)
        let found = try store.events(run: run)
        #expect(found.count == 1 && found.first?.node == "w1")
        let seconds = try #require(found.first).time.timeIntervalSince(time)
        #expect(abs(seconds) < 0.002)
    }

    @Test("a step that is redone replaces the earlier record")
    func redone() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.createRun(describedRun())
        try store.insert(steps: [step(run: run, rank: 0, step: 0, loss: 1)])
        try store.insert(steps: [step(run: run, rank: 0, step: 0, loss: 2)])
        #expect(try store.steps(run: run).map(\.loss) == [2])
    }

    @Test("a batch of records is written whole or not at all")
    func atomic() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.createRun(describedRun())
        let rows = [step(run: run, rank: 0, step: 0), step(run: run + 1, rank: 0, step: 0)]
        #expect(throws: StoreError.self) { try store.insert(steps: rows) }
        #expect(try store.steps(run: run).isEmpty)
    }

    @Test("a run's clock starts once, ends once, and its status is checked")
    func status() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.createRun(describedRun())
        try store.setStatus(run: run, .running, parameters: 650)
        let started = try store.detail(run: run).startedAt
        #expect(started != nil)
        try store.setStatus(run: run, .failed, failure: "worker 1 was lost")
        let detail = try store.detail(run: run)
        #expect(detail.startedAt == started && detail.finishedAt != nil)
        #expect(detail.summary.parameters == 650)
        #expect(detail.summary.failure == "worker 1 was lost")
        #expect(throws: StoreError.unknownRun(9, newest: run)) {
            try store.setStatus(run: 9, .running)
        }
        #expect(throws: StoreError.unknownRun(9, newest: run)) {
            try store.summarise(run: 9, checksum: nil)
        }
        #expect(throws: StoreError.unknownRun(9, newest: run)) { try store.detail(run: 9) }
    }

    @Test("runs that an ended coordinator left open are failed, and no others")
    func interrupted() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        var runs: [Int64] = []
        for status in RunStatus.allCases {
            let run = try store.createRun(describedRun(variant: status.rawValue))
            try store.setStatus(run: run, status, failure: status == .failed ? "earlier" : nil)
            runs.append(run)
        }
        #expect(try store.markInterrupted() == 2)
        #expect(try store.markInterrupted() == 0)
        let listed = try store.runs()
        #expect(listed.map(\.status) == [.failed, .failed, .completed, .failed, .cancelled])
        let words = "coordinator ended before the run did"
        #expect(listed.map(\.failure) == [words, words, nil, "earlier", nil])
        #expect(try runs.map { try store.events(run: $0).count } == [1, 1, 0, 0, 0])
        #expect(try store.runs(RunFilter(statuses: [.completed])).map(\.run) == [runs[2]])
    }

    @Test("a list of runs is narrowed by experiment; an unknown one is named with those there are")
    func listing() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        #expect(try store.runs().isEmpty)
        for name in ["a", "b", "a"] { _ = try store.createRun(describedRun(experiment: name)) }
        #expect(try store.runs(RunFilter(experiment: "a")).map(\.run) == [1, 3])
        #expect(throws: StoreError.unknownExperiment("c", known: ["a", "b"])) {
            try store.runs(RunFilter(experiment: "c"))
        }
    }

    @Test("a reader in another connection sees committed runs while a writer is busy")
    func concurrent() async throws {
        let folder = try Folder()
        let writer = try RunStore(path: folder.database)
        let run = try writer.createRun(describedRun())
        let reader = try RunStore(path: folder.database, readOnly: true)
        let batch = 500
        async let written: Void = {
            for first in stride(from: 0, to: 20 * batch, by: batch) {
                let rows = (first..<first + batch).map { step(run: run, rank: 0, step: $0) }
                try writer.insert(steps: rows)
            }
        }()
        var counts: [Int] = []
        while (counts.last ?? 0) < 20 * batch, counts.count < 10_000 {
            counts.append(try reader.steps(run: run).count)
        }
        try await written
        #expect(counts == counts.sorted())
        #expect(counts.allSatisfy { $0.isMultiple(of: batch) }, "a reader never sees half a batch")
        #expect(try reader.steps(run: run).count == 20 * batch)
    }

    @Test("a hundred thousand steps are recorded and summarised in seconds")
    func large() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.createRun(describedRun(workers: 4))
        let clock = ContinuousClock()
        let recording = try clock.measure {
            for rank in 0..<4 {
                try store.insert(
                    steps: (0..<25_000).map { step(run: run, rank: rank, step: $0) })
            }
        }
        let summarising = try clock.measure { try store.summarise(run: run, checksum: nil) }
        try store.setStatus(run: run, .completed)
        let rows = try store.comparison()
        #expect(rows.first?.steps == 25_000)
        print("100000 steps: recorded in \(recording), summarised in \(summarising)")
        #expect(recording < .seconds(10) && summarising < .seconds(5))
    }
}
