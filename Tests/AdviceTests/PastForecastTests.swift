import Advice
import Cluster
import Experiment
import Foundation
import Reporting
import RunStore
import Simulation
import Testing

@Suite("Past forecasts")
struct PastForecastTests {
    private func made(_ ratios: [Double]) -> PastForecasts {
        PastForecasts(
            cases: ratios.enumerated().map { place, ratio in
                PastForecasts.Case(
                    run: Int64(place), method: "topk", topology: "ring",
                    forecastMilliseconds: 10 * ratio, measuredMilliseconds: 10)
            })
    }

    @Test("the error is the median of relative errors, the ratio that of forecast to measured")
    func statistics() throws {
        let odd = try #require(
            made([0.5, 1.1, 0.9]).accuracy(method: "topk", topology: "ring"))
        #expect(odd.runs == 3)
        #expect(abs(odd.medianError - 0.1) < 1e-12 && abs(odd.medianRatio - 0.9) < 1e-12)
        let even = try #require(made([0.8, 1.4]).accuracy(method: "topk", topology: "ring"))
        #expect(abs(even.medianError - 0.3) < 1e-12 && abs(even.medianRatio - 1.1) < 1e-12)
        #expect(made([1]).accuracy(method: "topk", topology: "tree") == nil)
        #expect(PastForecasts().accuracy(method: "topk", topology: "ring") == nil)
    }

    /// A store with a run of every variant that took its forecast times `factor`.
    private func store(
        _ variants: [Variant], _ folder: URL, factor: Double, context: String = "context"
    ) throws -> RunStore {
        let store = try RunStore(path: folder.appending(path: "past.db").path)
        let rates = try madeUp(asked(1e8))
        for variant in variants {
            let times = try #require(rates.times(of: variant.methodSummary))
            // Four workers on one host of two cores.
            let forecast = try StepForecast(variant, times: times, crowding: 2)
            try record(variant, forecast.milliseconds * factor, context, in: store)
        }
        return store
    }

    private func record(
        _ variant: Variant, _ milliseconds: Double, _ context: String, in store: RunStore
    ) throws {
        let run = try store.createRun(
            RunDescription(
                experiment: "past", experimentText: "", variant: variant.name, seed: 1,
                topology: variant.topology.rawValue, method: variant.methodSummary,
                methodName: variant.method.name, optimizer: "sgd",
                dataset: variant.dataset.rawValue, model: variant.model.rawValue,
                workers: variant.workers, batch: variant.batch, link: variant.link?.summary,
                target: nil, config: variant.canonicalJSON, caseHash: "case",
                contextHash: context, gitRevision: nil, host: "{}", uuid: UUID().uuidString))
        try store.setStatus(run: run, .running, parameters: lenetParameters)
        for rank in 0..<variant.workers {
            try store.insert(
                nodes: [
                    NodeRow(
                        run: run, rank: rank, role: "worker", name: "w\(rank)", host: "h", pid: 1)
                ])
        }
        let nanoseconds = Int64(milliseconds * 1e6)
        try store.insert(
            steps: (0..<4).map { step in
                StepRow(
                    run: run, rank: 0, step: step, loss: 1, totalNanoseconds: nanoseconds,
                    computeNanoseconds: nanoseconds, encodeNanoseconds: 0, exchangeNanoseconds: 0,
                    waitNanoseconds: 0, decodeNanoseconds: 0, updateNanoseconds: 0,
                    bytesSent: 1, bytesReceived: 1, messagesSent: 1)
            })
        try store.summarise(run: run, checksum: 1)
        try store.setStatus(run: run, .completed)
    }

    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "peerless-advice-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test("runs that took a quarter longer than forecast are 20 % off, on every row")
    func measured() throws {
        try inFolder { folder in
            let question = asked(1e8)
            let variants = try question.candidates(parameters: lenetParameters)
            let store = try store(variants, folder, factor: 1.25)
            let rates = try madeUp(question)
            let past = try PastForecasts(store, question, contextHash: "context", cores: 2) {
                rates.times(of: $0.methodSummary)
            }
            #expect(past.cases.count == 13 && past.leftOut.isEmpty)
            let advice = try Advice(question, variants, rates: rates, past: past)
            for row in advice.rows {
                #expect(row.pastRuns == 1)
                #expect(abs(try #require(row.pastError) - 0.2) < 1e-4)
                #expect(abs(try #require(row.pastRatio) - 0.8) < 1e-4)
            }
        }
    }

    @Test("runs that the model knows nothing of are left out, with the reason")
    func leftOut() throws {
        try inFolder { folder in
            let question = asked(1e8)
            var variants = try question.candidates(parameters: lenetParameters)
            variants[0].link = nil
            variants[1].exchange = ExchangeOptions()
            variants[1].exchange?.overlap = true
            let store = try store([variants[2]], folder, factor: 1)
            for variant in variants[...1] { try record(variant, 10, "context", in: store) }
            try record(variants[3], 10, "elsewhere", in: store)
            try record(variants[4], 10, "context", in: store)
            var other = variants[5]
            other.batch = 64
            try record(other, 10, "context", in: store)
            let past = try PastForecasts(store, question, contextHash: "context", cores: 2) {
                $0.method == .dense ? try madeUp(question).times(of: "dense") : nil
            }
            #expect(past.cases.count == 1)
            #expect(
                past.leftOut == [
                    "had no emulated bandwidth": 1, "hid exchange behind backward": 1,
                    "ran in another context": 1, "asked for a method that was not measured": 1,
                ])
            #expect(question.notes(on: past).joined().contains("1 that ran in another context"))
        }
    }
}
