import Advice
import Cluster
import Experiment
import Foundation
import Testing

@Suite("Rates")
struct RatesTests {
    private var small: AdviceQuestion {
        AdviceQuestion(
            model: .softmax, dataset: .digits, workers: 4, batch: 8, threads: 1,
            link: LinkOptions(bandwidthBitsPerSecond: 1e9, latencySeconds: 0))
    }

    @Test("every method is measured once, by its own steps")
    func measured() throws {
        let variants = try small.candidates(parameters: 650)
        let facts = HostFacts(blas: "b", engine: "e")
        let rates = try Rates.measure(small, variants, facts: facts, seconds: 0)
        #expect(rates.methods.count == 4)
        #expect(rates.contextHash == facts.contextHash && rates.cores == facts.cores)
        #expect(Set(rates.methods.map(\.times.computeMilliseconds)).count == 1)
        for entry in rates.methods {
            #expect(entry.times.computeMilliseconds > 0 && entry.times.decodeMilliseconds > 0)
        }
        let sketch = try #require(rates.methods.first { $0.method.hasPrefix("sketch") })
        let dense = try #require(rates.methods.first { $0.method == "dense" })
        #expect(sketch.times.encodeMilliseconds > dense.times.encodeMilliseconds)
        _ = try Advice(small, variants, rates: rates, past: PastForecasts())
    }

    @Test("a file gives back what was saved, for the same question only")
    func file() throws {
        let question = asked(1e9)
        let rates = try madeUp(question)
        #expect(try Rates(json: try rates.json, for: question) == rates)
        var slower = asked(1e6)
        slower.isOneMachine = true
        #expect(try Rates(json: try rates.json, for: slower) == rates)
        var larger = question
        larger.batch = 64
        let json = try rates.json
        #expect(throws: Rates.Mismatch.self) { try Rates(json: json, for: larger) }
        #expect(throws: Rates.Mismatch.self) {
            try Rates(json: Data("{}".utf8), for: question)
        }
    }

    @Test("a method without a rate is refused, not made up")
    func missing() throws {
        let question = asked(1e9)
        var rates = try madeUp(question)
        rates.methods.removeLast()
        let variants = try question.candidates(parameters: lenetParameters)
        #expect(throws: Rates.Mismatch.self) {
            try Advice(question, variants, rates: rates, past: PastForecasts())
        }
    }
}
