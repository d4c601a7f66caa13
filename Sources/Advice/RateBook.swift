public import Cluster
public import Experiment

/// Rates of methods that stored runs asked for: from what was measured for the question, or measured
/// when first asked for.
public final class RateBook {
    /// Settings that are measured besides the question's, at most: each takes a moment.
    static let mostSettings = 12

    private let rates: Rates
    private let secondsEach: Double?
    private var found: [String: ProcessorTimes] = [:]

    /// - Parameter secondsEach: how long to measure a setting; `nil` when the rates are another
    ///   machine's, so that nothing can be measured for them here.
    public init(_ rates: Rates, secondsEach: Double?) {
        self.rates = rates
        self.secondsEach = secondsEach
    }

    /// Of a variant of the question's model, data set and batch; `nil` when unknown.
    ///
    /// - Throws: `ModelError` or `MethodError` when model, data and options do not fit.
    public func times(of variant: Variant) throws -> ProcessorTimes? {
        let isSame = variant.workers == rates.workers && variant.threads == rates.threads
        if isSame, let times = rates.times(of: variant.methodSummary) { return times }
        let momentum = variant.optimizer.momentum
        let key = "\(variant.methodSummary) \(variant.workers) \(variant.threads) \(momentum)"
        if let times = found[key] { return times }
        guard let secondsEach, found.count < Self.mostSettings else { return nil }
        var times = try StepMeter.measure(variant, seconds: secondsEach)
        if variant.threads == rates.threads, let known = rates.methods.first?.times {
            times.computeMilliseconds = known.computeMilliseconds
        }
        found[key] = times
        return times
    }
}
