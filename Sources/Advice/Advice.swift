public import Experiment
public import Reporting
import Simulation

/// Methods and topologies, ranked by what their steps should take.
public struct Advice: Sendable {
    /// Quickest first.
    public let rows: [AdviceRow]

    /// - Parameters:
    ///   - variants: the candidates, with the question's workers, batch and link.
    ///   - rates: of a machine like those that train.
    ///   - past: the model run over stored runs.
    /// - Throws: `ModelError` when model and data do not fit, `Rates.Mismatch` without a rate.
    public init(
        _ question: AdviceQuestion, _ variants: [Variant], rates: Rates, past: PastForecasts
    ) throws {
        let crowding =
            question.isOneMachine
            ? AdviceQuestion.crowding(
                workersOnHost: question.workers, threads: question.threads, cores: rates.cores)
            : AdviceQuestion.crowding(
                workersOnHost: 1, threads: question.threads, cores: rates.cores)
        let rows = try variants.map { variant in
            guard let times = rates.times(of: variant.methodSummary) else {
                throw Rates.Mismatch("\(variant.methodSummary): not measured")
            }
            let forecast = try StepForecast(variant, times: times, crowding: crowding)
            var row = AdviceRow(forecast, variant)
            let accuracy = past.accuracy(
                method: variant.method.name, topology: variant.topology.rawValue)
            row.pastRuns = accuracy?.runs ?? 0
            row.pastError = accuracy?.medianError
            row.pastRatio = accuracy?.medianRatio
            return row
        }
        self.rows = AdviceTable.ranked(rows)
    }
}

extension AdviceRow {
    fileprivate init(_ forecast: StepForecast, _ variant: Variant) {
        let samples = Double(variant.workers * variant.batch)
        self.init(
            topology: variant.topology.rawValue, method: variant.method.name,
            options: variant.methodSummary, stepMilliseconds: forecast.milliseconds,
            samplesPerSecond: 1000 * samples / forecast.milliseconds,
            computeMilliseconds: forecast.computeMilliseconds,
            encodeMilliseconds: forecast.encodeMilliseconds,
            exchangeMilliseconds: forecast.exchangeMilliseconds,
            decodeMilliseconds: forecast.decodeMilliseconds,
            updateMilliseconds: forecast.updateMilliseconds,
            bytesSentPerWorkerStep: forecast.bytesSentPerWorkerStep,
            serverBytesPerStep: forecast.serverBytesPerStep, isSimulated: forecast.isSimulated)
    }
}
