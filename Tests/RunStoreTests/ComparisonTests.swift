import Foundation
import RunStore
import Testing

@Suite struct ComparisonTests {
    private static let keys: Set<String> = [
        "run", "experiment", "variant", "seed", "status", "topology", "method", "workers",
        "parameters", "steps", "seconds", "samplesPerSecond", "stepMilliseconds",
        "bytesSentPerWorkerStep", "bytesReceivedPerWorkerStep", "serverBytesPerStep",
        "compression", "finalLoss", "finalAccuracy", "bestAccuracy", "secondsToTarget",
        "bytesToTarget", "speedup", "link", "checksum", "failure", "faults", "breakEven",
        "breakEvenBitsPerSecond", "denseTwin", "denseTwinSpeedup", "isUnproven", "isParetoOptimal",
        "host",
        "gitRevision", "caseHash", "contextHash",
    ]

    private func object(_ row: ComparisonRow) throws -> [String: Any] {
        let data = try JSONEncoder().encode(row)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("the JSON has exactly the promised keys, with nulls where unknown")
    func keys() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(describedRun())
        _ = try store.createRun(describedRun(variant: "waiting"))
        for row in try store.comparison() {
            let object = try object(row)
            #expect(Set(object.keys) == Self.keys)
            let phases = try #require(object["stepMilliseconds"] as? [String: Any])
            #expect(
                Set(phases.keys) == [
                    "total", "compute", "encode", "exchange", "wait", "decode", "update",
                    "hidden",
                ])
            #expect(object["link"] is NSNull)
            #expect((phases["total"] is NSNull) == (row.variant == "waiting"))
        }
    }

    @Test("figures come from the summary, the checksum as 16 hexadecimal digits")
    func figures() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(describedRun(target: 0.5))
        let row = try #require(try store.comparison().first)
        #expect(row.checksum == "0000000000000abc")
        #expect(row.steps == 4 && row.seconds == 0.084 && row.parameters == 100)
        #expect(row.stepMilliseconds.total == 21 && row.stepMilliseconds.update == 6)
        #expect(row.compression == 4 && row.speedup == 1 && row.baseline == "dense-server")
        #expect(row.secondsToTarget == 1 && row.bytesToTarget == 800)
        #expect(row.finalAccuracy == 0.5 && row.finalLoss == 1)
        let copy = try JSONDecoder().decode(ComparisonRow.self, from: JSONEncoder().encode(row))
        #expect(copy.stepMilliseconds == row.stepMilliseconds && copy.checksum == row.checksum)
    }

    @Test(
        "a run that did not complete has words, no figures",
        arguments: [RunStatus.failed, .cancelled, .running])
    func failed(status: RunStatus) throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.completeRun(describedRun())
        try store.setStatus(run: run, status, failure: "why")
        let row = try #require(try store.comparison().first)
        var expected = ComparisonRow(
            run: run, experiment: "quickstart", variant: "dense-server", seed: 1, status: status,
            topology: "server", method: "dense k=1%", workers: 2)
        expected.parameters = 100
        expected.failure = "why"
        expected.caseHash = "case"
        expected.contextHash = "context"
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(row) == encoder.encode(expected))
    }

    @Test("a diverged run shows its speed, no loss and no accuracy")
    func diverged() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.completeRun(describedRun(target: 0.1))
        try store.insert(steps: [step(run: run, rank: 1, step: 3, loss: .nan)])
        try store.summarise(run: run, checksum: nil)
        let row = try #require(try store.comparison().first)
        #expect(row.samplesPerSecond != nil)
        #expect(row.finalLoss == nil && row.finalAccuracy == nil && row.bestAccuracy == nil)
        #expect(row.secondsToTarget == nil && row.bytesToTarget == nil)
        #expect(row.failure == "diverged: the loss is not finite at step 3")
    }

    @Test("an experiment shows its newest run of every variant and seed, in the order of variants")
    func newest() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        for (variant, seed) in [("z", 2), ("a", 2), ("z", 1), ("a", 2)] as [(String, UInt64)] {
            try store.completeRun(describedRun(variant: variant, seed: seed))
        }
        _ = try store.createRun(describedRun(experiment: "later"))
        #expect(try store.comparison().map(\.experiment) == ["later"])
        let rows = try store.comparison(ComparisonFilter(experiment: "quickstart"))
        #expect(rows.map(\.run) == [3, 1, 4])
        #expect(try store.comparison(ComparisonFilter(runs: [2, 1])).map(\.run) == [2, 1])
    }

    @Test("the default baseline is dense on a server, then dense, then none")
    func defaultBaseline() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(
            describedRun(variant: "s", topology: "ring", methodName: "sketch"), unit: 1_000_000)
        #expect(try store.comparison().map(\.speedup) == [nil])
        try store.completeRun(describedRun(variant: "r", topology: "ring"), unit: 2_000_000)
        #expect(try store.comparison().map(\.speedup) == [2, 1])
        try store.completeRun(describedRun(variant: "p"), unit: 4_000_000)
        let rows = try store.comparison()
        #expect(rows.map(\.speedup) == [4, 2, 1])
        #expect(rows.map(\.baseline) == ["p", "p", "p"])
        #expect(try store.comparison(ComparisonFilter(runs: [1])).map(\.speedup) == [4])
        let named = try store.comparison(ComparisonFilter(baseline: "s"))
        #expect(named.map(\.speedup) == [1, 0.5, 0.25])
    }

    @Test("a speed-up is against the same seed when the baseline has it")
    func seeds() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(describedRun(seed: 1), unit: 2_000_000)
        try store.completeRun(describedRun(seed: 2), unit: 6_000_000)
        for seed in 1...3 as ClosedRange<UInt64> {
            try store.completeRun(
                describedRun(variant: "s", seed: seed, methodName: "topk"), unit: 1_000_000)
        }
        let speedups = try store.comparison().compactMap(\.speedup)
        #expect(speedups.map { ($0 * 1e9).rounded() / 1e9 } == [1, 1, 2, 6, 2])
    }

    @Test("what is not there is named together with what is")
    func unknown() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let path = folder.database
        #expect(throws: StoreError.nothingRecorded(path: path)) { try store.comparison() }
        try store.completeRun(describedRun())
        let cases: [(ComparisonFilter, StoreError)] = [
            (ComparisonFilter(experiment: "x"), .unknownExperiment("x", known: ["quickstart"])),
            (ComparisonFilter(runs: [1, 7]), .unknownRun(7, newest: 1)),
            (ComparisonFilter(baseline: "x"), .unknownBaseline("x", known: ["dense-server"])),
        ]
        for (filter, expected) in cases {
            let error = #expect(throws: expected) { try store.comparison(filter) }
            #expect(error?.isNotEnoughData == true)
        }
    }
}
