import RunStore
import Testing

@Suite struct RunSummaryTests {
    private func facts(
        workers: Int = 2, topology: String = "ring", parameters: Int? = 1000,
        target: Double? = nil
    ) -> RunSummary.Facts {
        RunSummary.Facts(
            workers: workers, batch: 8, topology: topology, parameters: parameters, target: target)
    }

    @Test("speed is every worker's samples over the slowest worker's clock")
    func speed() throws {
        let rows = (0..<4).flatMap { number in
            [step(rank: 0, step: number), step(rank: 1, step: number, unit: 2_000_000)]
        }
        let summary = RunSummary(of: facts(), steps: rows, evaluations: [])
        #expect(summary.steps == 4)
        #expect(summary.seconds == 4 * 0.042)
        let rate = try #require(summary.samplesPerSecond)
        #expect(abs(rate - 2 * 8 * 4 / (4 * 0.042)) < 1e-9)
    }

    @Test("a worker that took steps and never told of them makes a run no slower and no larger")
    func missingRows() throws {
        let rows = (0..<8).flatMap { number in
            [step(rank: 0, step: number), step(rank: 1, step: number)]
        }
        var facts = facts()
        facts.worlds = [.init(firstStep: 0, workers: 2)]
        let whole = RunSummary(of: facts, steps: rows, evaluations: [])
        let told = rows.filter { $0.rank == 0 || $0.step < 3 }
        let part = RunSummary(of: facts, steps: told, evaluations: [])
        #expect(whole.compression == part.compression && whole.compression != nil)
        #expect(whole.samplesPerSecond == part.samplesPerSecond)
        // One of two has gone on alone from the fourth step.
        facts.worlds.append(.init(firstStep: 3, workers: 1))
        let alone = RunSummary(of: facts, steps: told, evaluations: [])
        facts.worlds = []
        #expect(alone == RunSummary(of: facts, steps: told, evaluations: []))
    }

    @Test("figures that no sum holds stay at the greatest, and end nothing")
    func overflow() throws {
        // The longest step that a daemon may tell of, more often than their sum has room.
        let most = Int64(1) << 46
        let rows = (0..<140_000).map { number in
            var row = step(rank: 0, step: number, sent: most, received: most)
            row.totalNanoseconds = most
            return row
        }
        let end = [evaluation(step: 140_000, accuracy: 1)]
        let summary = RunSummary(of: facts(target: 0.5), steps: rows, evaluations: end)
        #expect(summary.seconds == Double(Int64.max) / 1e9)
        #expect(summary.bytesToTarget == .max)
        #expect(summary.bytesSentPerWorkerStep == Double(most))
        for extreme in [Int64.max, .min] {
            let rows = (0..<3).flatMap { number in
                (0..<3).map { rank in
                    var row = step(
                        rank: rank, step: Int(extreme) - (extreme > 0 ? number : -number),
                        sent: extreme, received: extreme)
                    row.totalNanoseconds = extreme
                    return row
                }
            }
            let summary = RunSummary(of: facts(target: 0.5), steps: rows, evaluations: end)
            #expect(summary.steps == 3 && summary.serverBytesPerStep?.isFinite == true)
            let around = LossAround(step: Int(extreme), of: rows)
            #expect(around.before ?? around.after == 1)
        }
    }

    @Test("a step is the median over steps and workers, and its phases add up")
    func medians() throws {
        let units: [Int64] = [1, 2, 3, 4, 5, 60]
        let rows = units.enumerated().map { index, unit in
            step(rank: index % 2, step: index / 2, unit: unit * 1_000_000)
        }
        let median = RunSummary(of: facts(), steps: rows, evaluations: []).stepMilliseconds
        #expect(median.total == 21 * 3.5)
        #expect(median.compute == 3.5)
        let phases = [
            median.compute, median.encode, median.exchange, median.wait, median.decode,
            median.update,
        ]
        #expect(phases.reduce(0) { $0 + ($1 ?? .nan) } == median.total)
    }

    @Test(
        "the first two steps count as warm-up in medians of more than ten steps, never in the clock"
    )
    func warmUp() {
        for count in [10, 11] {
            // Two slow steps, then as many slow as fast ones but for one: the median tells.
            let rows = (0..<count).map { number in
                step(rank: 0, step: number, unit: number < 6 ? 5_000_000 : 1_000_000)
            }
            let summary = RunSummary(of: facts(workers: 1), steps: rows, evaluations: [])
            #expect(summary.stepMilliseconds.compute == (count == 10 ? 5 : 1))
            let units = 6 * 5 + (count - 6)
            #expect(summary.seconds == Double(21 * units) / 1000)
        }
    }

    @Test("the median is a middle value that leaves half on each side", arguments: 0...9)
    func median(count: Int) throws {
        let values = (0..<count).map { Int64(($0 * 7919) % 101) }
        guard count > 0 else {
            #expect(RunSummary.median(values) == nil)
            return
        }
        let median = try #require(RunSummary.median(values))
        #expect(values.count { Double($0) < median } <= count / 2)
        #expect(values.count { Double($0) > median } <= count / 2)
    }

    @Test("bytes are means over workers and steps; the server's stand apart")
    func bytes() {
        let rows = (0..<3).flatMap { number in
            [
                step(rank: 0, step: number, sent: 100, received: 300),
                step(rank: 1, step: number, sent: 200, received: 500),
                step(rank: 2, step: number, loss: nil, sent: 800, received: 300),
            ]
        }
        let summary = RunSummary(of: facts(topology: "server"), steps: rows, evaluations: [])
        #expect(summary.bytesSentPerWorkerStep == 150)
        #expect(summary.bytesReceivedPerWorkerStep == 400)
        #expect(summary.serverBytesPerStep == 1100)
        #expect(summary.compression == 4000.0 / 150)
        #expect(summary.divergedAt == nil)
        let ring = RunSummary(
            of: facts(), steps: rows.filter { $0.rank < 2 }, evaluations: [])
        #expect(ring.serverBytesPerStep == nil)
    }

    @Test("dense sending compresses once, on every topology", arguments: 2...9)
    func dense(workers: Int) {
        // Ring by its closed form; a tree's P-1 edges carry the whole both ways.
        let words = 840 * 4.0
        let peers = 2 * Double(workers - 1) / Double(workers) * words
        for (topology, expected) in [("server", words), ("ring", peers), ("tree", peers)] {
            #expect(
                RunSummary.denseBytes(parameters: 840, workers: workers, topology: topology)
                    == expected)
        }
    }

    @Test("compression is unknown for one worker, for no bytes and for unknown parameters")
    func noCompression() {
        let rows = [step(rank: 0, step: 0)]
        let silent = [step(rank: 0, step: 0, sent: 0)]
        let cases = [
            (facts(workers: 1), rows), (facts(), silent), (facts(parameters: nil), rows),
        ]
        for (facts, rows) in cases {
            #expect(RunSummary(of: facts, steps: rows, evaluations: []).compression == nil)
        }
    }

    @Test("the final loss is the mean over workers and the last tenth of the steps")
    func finalLoss() {
        for (count, expected) in [(1, 0.5), (5, 4.5), (19, 18.5), (20, 19.0), (100, 95.0)] {
            let rows = (0..<count).flatMap { number in
                [
                    step(rank: 0, step: number, loss: Double(number)),
                    step(rank: 1, step: number, loss: Double(number) + 1),
                ]
            }
            let summary = RunSummary(of: facts(), steps: rows, evaluations: [])
            #expect(summary.finalLoss == expected, "\(count) steps")
        }
    }

    @Test("a target is reached at the first test evaluation that meets it, whatever the order")
    func target() {
        let rows = (0..<40).flatMap { number in
            [step(rank: 0, step: number), step(rank: 1, step: number, sent: 50)]
                + [step(rank: 2, step: number, loss: nil, sent: 9999)]
        }
        let evaluations = [
            evaluation(step: 40, seconds: 4, accuracy: 0.7),
            evaluation(step: 10, seconds: 1, accuracy: 0.6),
            evaluation(step: 20, seconds: 2, accuracy: 0.8),
            evaluation(step: 30, seconds: 3, accuracy: 0.9),
            evaluation(step: 5, seconds: 0.5, split: "train", accuracy: 1),
        ]
        let summary = RunSummary(
            of: facts(target: 0.8), steps: rows, evaluations: evaluations)
        #expect(summary.secondsToTarget == 2)
        #expect(summary.bytesToTarget == Int64(3000))
        #expect(summary.finalAccuracy == 0.7)
        #expect(summary.bestAccuracy == 0.9)
        let missed = RunSummary(of: facts(target: 0.95), steps: rows, evaluations: evaluations)
        #expect(missed.secondsToTarget == nil && missed.bytesToTarget == nil)
    }

    @Test(
        "a run that ends with a loss that is not finite has diverged",
        arguments: [
            Double.nan, .infinity, nil,
        ])
    func diverged(loss: Double?) {
        let rows = (0..<20).map { step(rank: 0, step: $0, loss: $0 < 7 ? 1 : loss) }
        let summary = RunSummary(of: facts(), steps: rows, evaluations: [])
        #expect(summary.divergedAt == 7)
        #expect(summary.finalLoss == nil)
        let early = (0..<20).map { step(rank: 0, step: $0, loss: $0 == 3 ? loss : 1) }
        #expect(RunSummary(of: facts(), steps: early, evaluations: []).divergedAt == nil)
        let test = [evaluation(step: 20, loss: loss, accuracy: 0.1)]
        let bad = RunSummary(of: facts(), steps: early, evaluations: test)
        #expect(bad.divergedAt == 20)
    }

    @Test("nothing recorded means nothing known")
    func empty() {
        let summary = RunSummary(of: facts(target: 0.5), steps: [], evaluations: [])
        #expect(summary.steps == 0)
        #expect(summary.seconds == nil && summary.samplesPerSecond == nil)
        #expect(summary.stepMilliseconds == StepMilliseconds())
        #expect(summary.finalLoss == nil && summary.divergedAt == nil)
    }
}
