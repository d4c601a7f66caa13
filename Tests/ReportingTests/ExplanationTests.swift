import Foundation
import Reporting
import RunStore
import Testing

@Suite struct ExplanationTests {
    /// A worker's or server's medians in milliseconds.
    private func rank(
        _ rank: Int, compute: Double, encode: Double = 1, exchange: Double = 2, wait: Double,
        isWorker: Bool = true
    ) -> RankPhases {
        var step = StepMilliseconds()
        step.compute = compute
        step.encode = encode
        step.exchange = exchange
        step.wait = wait
        step.decode = 1
        step.update = 1
        step.total = compute + encode + exchange + wait + 2
        return RankPhases(rank: rank, isWorker: isWorker, steps: 100, milliseconds: step)
    }

    private func explain(
        _ ranks: [RankPhases], link: String? = nil, sent: Double = 1e6
    ) throws -> Explanation {
        var row = completedRow(topology: "ring")
        row.link = link
        row.bytesSentPerWorkerStep = sent
        return try #require(Explanation(row, ranks: ranks))
    }

    @Test("computing bounds a step that computes most of the time")
    func compute() throws {
        let found = try explain((0..<4).map { rank($0, compute: 30, wait: 2) })
        #expect(found.bound == .compute)
        #expect(found.sentences[0].hasPrefix("Computing bounds the step: 30.0 ms"))
        #expect(found.sentences.contains { $0.contains("4.00 ms of exchange") })
    }

    @Test("encoding bounds a step that encodes most of the time")
    func encode() throws {
        let found = try explain((0..<4).map { rank($0, compute: 3, encode: 40, wait: 2) })
        #expect(found.bound == .encode)
    }

    @Test("one slow rank is named, with what of the others' waiting is its own", arguments: 0..<4)
    func waiting(slow: Int) throws {
        let ranks = (0..<4).map { number in
            number == slow
                ? rank(number, compute: 40, wait: 1) : rank(number, compute: 10, wait: 31)
        }
        let found = try explain(ranks)
        #expect(found.bound == .waiting && found.slowestRank == slow)
        #expect(found.slowestLeadMilliseconds == 30)
        #expect(found.sentences[0].contains("Waiting for rank \(slow)"))
    }

    @Test("the link bounds a step whose bytes take most of it, the rest is rounds")
    func link() throws {
        // 2.5e6 bytes at 1 Gbit/s are 20 ms of 27 in exchange and wait.
        let ranks = (0..<4).map { rank($0, compute: 5, wait: 25) }
        let linked = try explain(ranks, link: "1gbit 200us", sent: 2.5e6)
        #expect(linked.bound == .link)
        #expect(linked.parts.first?.milliseconds == 20)
        #expect(linked.parts.first { $0.bound == .exchange }?.milliseconds == 7)
        #expect(linked.sentences.contains { $0.contains("2.38 MiB") && $0.contains("20.0 ms") })
        #expect(try explain(ranks).bound == .exchange)
    }

    @Test("parts sum to the phases and shares to one; a server is shown, not counted")
    func sums() throws {
        let ranks = (0..<4).map { rank($0, compute: Double(5 + $0), wait: Double(25 - $0)) }
        let server = rank(4, compute: 0, wait: 900, isWorker: false)
        let found = try explain(ranks + [server], link: "1gbit 200us")
        #expect(abs(found.parts.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        #expect(abs(found.parts.reduce(0) { $0 + $1.milliseconds } - 35) < 1e-9)
        #expect(found.parts.allSatisfy { $0.milliseconds >= 0 } && found.ranks.count == 5)
        #expect(Explanation(completedRow(), ranks: [server]) == nil)
    }

    @Test("one worker waits for nobody")
    func alone() throws {
        let found = try explain([rank(0, compute: 1, exchange: 0, wait: 0)])
        #expect(found.slowestRank == nil && found.bound == .encode)
    }

    /// What is said of a compressing run that ran so many times as fast as its dense twin.
    private func twinWords(
        _ ratio: Double, _ verdict: BreakEven.Verdict?, below speed: Double? = nil,
        link: String? = nil
    ) throws -> String {
        var row = completedRow(run: 2, topology: "ring")
        (row.breakEven, row.breakEvenBitsPerSecond, row.link) = (verdict, speed, link)
        (row.denseTwin, row.denseTwinSpeedup) = (1, ratio)
        let ranks = [rank(0, compute: 1, wait: 1)]
        return try #require(Explanation(row, ranks: ranks)).sentences.joined(separator: "\n")
    }

    @Test("a run that was slower than its dense twin is said to have been, whatever figures expect")
    func slower() throws {
        for verdict in [BreakEven.Verdict.below, .always, .never, nil] {
            let words = try twinWords(0.4, verdict, below: verdict == .below ? 2e9 : nil)
            #expect(words.contains("on the bare machine this run was 0.40x as fast"))
            #expect(!words.contains("pays"), "\(words)")
        }
        let always = try twinWords(0.4, .always)
        #expect(always.contains("faster one on any link"))
        #expect(always.contains("slower here comes from computing or waiting"))
        #expect(try !twinWords(0.4, .never).contains("comes from"))
    }

    @Test("expected and measured are held against each other where the link's speed is known")
    func expectation() throws {
        let slow = try twinWords(0.9, .below, below: 2e9, link: "1gbit 200us")
        #expect(slow.contains("at 1gbit 200us this run was 0.90x as fast"))
        #expect(slow.contains("on links below 2.00 Gbit/s") && slow.contains("slower here comes"))
        let fast = try twinWords(1.2, .below, below: 5e8, link: "1gbit 200us")
        #expect(fast.contains("faster here comes from"))
        #expect(try !twinWords(1.2, .below, below: 2e9, link: "1gbit").contains("comes from"))
        #expect(try !twinWords(1.2, .below, below: 2e9).contains("comes from"))
    }

    @Test("every format tells the bound", arguments: OutputFormat.allCases)
    func formats(format: OutputFormat) throws {
        let text = try explain((0..<2).map { rank($0, compute: 30, wait: 2) }).render(format)
        #expect(text.contains("compute") && text.utf8.last == 0x0A)
        guard format == .json else { return }
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["bound"] as? String == "compute")
        #expect((object["ranks"] as? [Any])?.count == 2 && object["sentences"] is [String])
    }
}
