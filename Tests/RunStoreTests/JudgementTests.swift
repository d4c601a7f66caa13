import RunStore
import Testing

@Suite struct JudgementTests {
    private func row(
        _ run: Int64, topology: String = "ring", sent: Double, encode: Double, link: String? = nil
    ) -> ComparisonRow {
        var row = ComparisonRow(
            run: run, experiment: "e", variant: "v\(run)", seed: 1, status: .completed,
            topology: topology, method: "m", workers: 4)
        row.bytesSentPerWorkerStep = sent
        row.serverBytesPerStep = topology == "server" ? 8 * sent : nil
        row.stepMilliseconds.encode = encode
        row.stepMilliseconds.decode = 1
        row.stepMilliseconds.update = 1
        row.stepMilliseconds.exchange = 2
        row.stepMilliseconds.wait = 8
        row.link = link
        return row
    }

    @Test("the break-even is saved bits over extra seconds: the reference's worked case")
    func worked() throws {
        // 103 MB against 2.7 MB and 35 ms: about 2.9 GB/s.
        let answer = BreakEven(
            of: row(1, sent: 2.7e6, encode: 35), against: row(2, sent: 103e6, encode: 0))
        let speed = try #require(answer?.bitsPerSecond)
        #expect(abs(speed / 8 - 2.866e9) < 0.001e9)
    }

    @Test("at the break-even both are equally fast by the model, whatever the topology")
    func equal() throws {
        for topology in ["server", "ring", "tree", "halvingDoubling"] {
            let (small, dense) = (
                row(1, topology: topology, sent: 1e5, encode: 9),
                row(2, topology: topology, sent: 4e6, encode: 1)
            )
            let speed = try #require(BreakEven(of: small, against: dense)?.bitsPerSecond)
            func seconds(_ row: ComparisonRow, _ encode: Double) throws -> Double {
                8 * (try #require(BreakEven.criticalBytes(row))) / speed + encode / 1000
            }
            #expect(abs(try seconds(small, 9) - seconds(dense, 1)) < 1e-9)
        }
    }

    @Test("less to send for less work always pays, more for more never")
    func verdicts() {
        let dense = row(2, sent: 4e6, encode: 5)
        #expect(BreakEven(of: row(1, sent: 1e6, encode: 4), against: dense) == .always)
        #expect(BreakEven(of: row(1, sent: 4e6, encode: 6), against: dense) == .never)
        #expect(BreakEven(of: row(1, sent: 5e6, encode: 4), against: dense) == nil)
        var hidden = row(1, sent: 1e6, encode: 9)
        hidden.stepMilliseconds.hidden = 3
        #expect(BreakEven(of: hidden, against: dense) == nil)
    }

    @Test("on the bare machine, waiting longer for fewer bytes is a cost")
    func waiting() throws {
        let dense = row(2, sent: 4e6, encode: 1)
        var small = row(1, sent: 2e6, encode: 1)
        #expect(BreakEven(of: small, against: dense) == .always)
        small.stepMilliseconds.wait = 24
        // 16 Mbit saved for 16 ms.
        let speed = try #require(BreakEven(of: small, against: dense)?.bitsPerSecond)
        #expect(abs(speed - 1e9) < 1)
        small.stepMilliseconds.wait = 1
        #expect(BreakEven(of: small, against: dense) == .always)
    }

    @Test("with an emulated link, what exchange and wait took beyond the bytes is a cost")
    func rounds() throws {
        // 1e6 bytes at 1 Gbit/s are 8 ms of 10; the other 2 ms are rounds.
        let linked = row(1, sent: 1e6, encode: 3, link: "1gbit 200us")
        #expect(BreakEven.wireMilliseconds(linked) == 8)
        #expect(BreakEven.roundsMilliseconds(linked) == 2)
        #expect(BreakEven.roundsMilliseconds(row(1, sent: 1e6, encode: 3)) == nil)
        #expect(BreakEven.wireMilliseconds(row(1, sent: 1e6, encode: 3, link: "200us")) == nil)
        var root = row(1, topology: "tree", sent: 3, encode: 0)
        #expect(BreakEven.criticalBytes(root) == 8)
        // Another database may say so.
        root.workers = .max
        #expect(BreakEven.criticalBytes(root)?.isFinite == true)
    }

    @Test("a compressing run is held against the fastest dense run of its own setting")
    func twins() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(describedRun(variant: "p"), unit: 2_000_000)
        try store.completeRun(
            describedRun(variant: "s", topology: "ring", methodName: "sketch"))
        let alone = try store.comparison()
        #expect(alone.map(\.isUnproven) == [false, true] && alone.map(\.denseTwin) == [nil, nil])
        try store.completeRun(describedRun(variant: "slow", topology: "ring"), unit: 3_000_000)
        try store.completeRun(describedRun(variant: "fast", topology: "ring"), unit: 500_000)
        try store.completeRun(
            describedRun(variant: "more", topology: "ring", workers: 3), unit: 100_000)
        let rows = try store.comparison()
        #expect(rows.map(\.denseTwin) == [nil, 4, nil, nil, nil])
        #expect(rows.allSatisfy { !$0.isUnproven })
        #expect(rows.map(\.breakEven) == [nil, .never, nil, nil, nil])
        #expect(try store.comparison(ComparisonFilter(runs: [2])).map(\.denseTwin) == [4])
    }

    private func point(_ run: Int64, _ seconds: Double, _ bytes: Double, _ loss: Double?)
        -> ComparisonRow
    {
        var row = row(run, sent: bytes, encode: 1)
        row.seconds = seconds
        row.steps = 10
        row.finalLoss = loss
        return row
    }

    @Test("the front holds what nothing beats; equals stay, unknown figures are no point")
    func front() {
        let rows = [
            point(1, 1, 9, 5), point(2, 2, 2, 5), point(3, 2, 3, 5), point(4, 9, 9, 1),
            point(5, 2, 2, 5), point(6, 0, 0, nil),
        ]
        #expect(ParetoFront.of(rows).map(\.run) == [1, 2, 4, 5])
        #expect(ParetoFront.marks(rows) == [true, true, false, true, true, nil])
        #expect(ParetoFront.of([]).isEmpty)
    }

    @Test(
        "no row of the front is beaten, and every other row is",
        arguments: 1...20 as ClosedRange<UInt64>)
    func property(seed: UInt64) {
        var state = seed
        func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 60)
        }
        let rows = (0..<30).map { point($0, next(), next(), next()) }
        func values(_ row: ComparisonRow) -> [Double] {
            [row.seconds ?? 0, row.bytesSentPerWorkerStep ?? 0, row.finalLoss ?? 0]
        }
        let front = Set(ParetoFront.of(rows).map(\.run))
        #expect(!front.isEmpty)
        for row in rows {
            let isBeaten = rows.contains { other in
                zip(values(other), values(row)).allSatisfy(<=) && values(other) != values(row)
            }
            #expect(front.contains(row.run) == !isBeaten)
        }
    }

    @Test("seeds and experiments have fronts of their own")
    func groups() {
        var other = point(2, 5, 5, 5)
        other.seed = 2
        #expect(ParetoFront.of([point(1, 1, 1, 1), other]).map(\.run) == [1, 2])
    }
}
