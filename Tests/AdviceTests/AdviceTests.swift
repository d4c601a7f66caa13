import Advice
import Cluster
import Experiment
import Reporting
import Testing

@Suite("Advice")
struct AdviceTests {
    private static let speeds = [1e15, 1e10, 1e9, 1e8, 1e7]

    private func step(_ advice: Advice, _ method: String, _ topology: String) throws -> Double {
        try #require(
            advice.rows.first { $0.method == method && $0.topology == topology }
        ).stepMilliseconds
    }

    @Test("every method is ranked on every topology that has its operations, quickest first")
    func complete() throws {
        let rows = try advice(asked(1e9)).rows
        #expect(rows.map(\.rank) == Array(1...13))
        #expect(
            zip(rows, rows.dropFirst()).allSatisfy { $0.stepMilliseconds <= $1.stepMilliseconds })
        #expect(Set(rows.map { "\($0.method) \($0.topology)" }).count == 13)
        #expect(rows.filter { $0.method == "gtopk" }.map(\.topology) == ["tree"])
        let dense = rows.filter { $0.method == "dense" }
        #expect(dense.compactMap(\.speedup).max() == 1)
    }

    @Test("phases sum to the step, and samples per second follow from it")
    func sums() throws {
        for row in try advice(asked(1e8)).rows {
            let sum =
                row.computeMilliseconds + row.encodeMilliseconds + row.exchangeMilliseconds
                + row.decodeMilliseconds + row.updateMilliseconds
            #expect(abs(sum - row.stepMilliseconds) < 1e-9)
            #expect(abs(row.samplesPerSecond * row.stepMilliseconds - 128_000) < 1e-6)
        }
    }

    @Test("the slower the link, the higher compressing methods rise", arguments: [2, 4, 8])
    func rise(workers: Int) throws {
        let ranked = try Self.speeds.map { try advice(asked($0, workers: workers)).rows }
        for method in ["topk", "sketch"] {
            for topology in ["ring", "tree", "halvingDoubling"] {
                let gains = ranked.map { rows -> Double in
                    func time(_ name: String) -> Double {
                        rows.first { $0.method == name && $0.topology == topology }?
                            .stepMilliseconds ?? .nan
                    }
                    return time("dense") / time(method)
                }
                #expect(zip(gains, gains.dropFirst()).allSatisfy { $0 <= $1 }, "\(method) \(gains)")
            }
        }
        let first = try #require(ranked.first?.first)
        #expect(first.method == "dense", "nothing to gain on a link that costs nothing")
        let last = try #require(ranked.last)
        #expect(last.first?.method != "dense")
        let dense = try #require(last.first { $0.method == "dense" })
        #expect(last.filter { $0.rank < dense.rank }.count >= 5)
    }

    @Test("bytes are those of the cost table", arguments: [2, 4, 8])
    func bytes(workers: Int) throws {
        let rows = try advice(asked(1e9, workers: workers)).rows
        let (p, d) = (Double(workers), 4 * Double(lenetParameters))
        func row(_ method: String, _ topology: String) throws -> AdviceRow {
            try #require(rows.first { $0.method == method && $0.topology == topology })
        }
        let ring = try #require(try row("dense", "ring").bytesSentPerWorkerStep)
        #expect(abs(ring - 2 * (p - 1) / p * d) < 1)
        #expect(try row("dense", "server").bytesSentPerWorkerStep == d)
        #expect(try row("dense", "server").serverBytesPerStep == 2 * p * d)
        #expect(try row("dense", "ring").serverBytesPerStep == nil)
        let topk = try #require(try row("topk", "ring").bytesSentPerWorkerStep)
        let block = 8 * 4_311 + 4 * Double(try small())
        #expect(abs(topk - (p - 1) * block) < 1)
        let gtopk = try #require(try row("gtopk", "tree").bytesSentPerWorkerStep)
        #expect(abs(gtopk - 2 * (p - 1) / p * block) < 1)
    }

    private func small() throws -> Int {
        let question = asked(1e9)
        let variant = try #require(try question.candidates(parameters: lenetParameters).first)
        let size = try variant.modelSize
        #expect(size.parameters == lenetParameters)
        return size.parameters - size.weights
    }

    @Test("workers that share cores take longer to compute, and a root that decodes alone does not")
    func crowded() throws {
        var question = asked(1e9)
        let apart = try advice(question)
        question.isOneMachine = true
        let together = try advice(question)
        for (one, other) in [(apart, together)] {
            for row in one.rows {
                let same = try #require(
                    other.rows.first { $0.method == row.method && $0.topology == row.topology })
                #expect(same.computeMilliseconds == 2 * row.computeMilliseconds)
                let isAlone =
                    row.method == "gtopk"
                    || (row.method == "sketch" && ["server", "tree"].contains(row.topology))
                #expect(same.decodeMilliseconds == (isAlone ? 1 : 2) * row.decodeMilliseconds)
            }
        }
        #expect(AdviceQuestion.crowding(workersOnHost: 1, threads: 1, cores: 8) == 1)
        #expect(AdviceQuestion.crowding(workersOnHost: 6, threads: 2, cores: 4) == 3)
    }

    @Test("the sketch's usual columns are a power of two near a fiftieth of the parameters")
    func columns() {
        #expect(AdviceQuestion.columns(parameters: lenetParameters) == 8_192)
        #expect(AdviceQuestion.columns(parameters: 10) == 1_024)
        #expect(AdviceQuestion.columns(parameters: 9_000_000) == 131_072)
    }

    @Test("the notes name what is assumed and what is not judged")
    func notes() {
        let words = asked(1e9).assumptions(parameters: lenetParameters, weights: 430_500)
            .joined(separator: "\n")
        #expect(words.contains("k = 4311 (1.0 %)") && words.contains("r = 5, c = 8192"))
        #expect(words.contains("Not judged"))
    }
}
