public import Cluster
public import Experiment
public import RunStore
import Simulation
import Statistics

/// The model run over the runs of a database: forecast against measured.
public struct PastForecasts: Sendable {
    /// One run.
    public struct Case: Equatable, Sendable {
        /// Its number.
        public var run: Int64
        /// Method without options.
        public var method: String
        public var topology: String
        /// Forecast of a step.
        public var forecastMilliseconds: Double
        /// Median step that it took.
        public var measuredMilliseconds: Double

        /// Memberwise.
        public init(
            run: Int64, method: String, topology: String, forecastMilliseconds: Double,
            measuredMilliseconds: Double
        ) {
            self.run = run
            self.method = method
            self.topology = topology
            self.forecastMilliseconds = forecastMilliseconds
            self.measuredMilliseconds = measuredMilliseconds
        }
    }

    /// How far off forecasts were.
    public struct Accuracy: Equatable, Sendable {
        /// How many runs.
        public var runs: Int
        /// Median of |forecast - measured| / measured.
        public var medianError: Double
        /// Median of forecast / measured: above 1 where runs are quicker than forecast.
        public var medianRatio: Double
    }

    /// Every run that has a forecast.
    public private(set) var cases: [Case] = []
    /// Runs of the question's model, data set and batch that have none, by why.
    public private(set) var leftOut: [String: Int] = [:]

    /// No run.
    public init() {}

    /// Of given ones.
    public init(cases: [Case]) { self.cases = cases }

    /// Of a method on a topology; `nil` without a run.
    public func accuracy(method: String, topology: String) -> Accuracy? {
        let mine = cases.filter { $0.method == method && $0.topology == topology }
        let ratios = mine.map { $0.forecastMilliseconds / $0.measuredMilliseconds }
        guard let ratio = Quantiles.median(ratios),
            let error = Quantiles.median(ratios.map { ($0 - 1).magnitude })
        else { return nil }
        return Accuracy(runs: mine.count, medianError: error, medianRatio: ratio)
    }

    /// Runs the model over the newest runs of the question's model, data set and batch.
    ///
    /// - Parameter times: what a variant costs a worker's processor; `nil` when that is not known.
    public init(
        _ store: RunStore, _ question: AdviceQuestion, contextHash: String, cores: Int,
        times: (Variant) throws -> ProcessorTimes?
    ) throws {
        var filter = RunFilter(statuses: [.completed])
        filter.condition =
            "model = '\(question.model.rawValue)' AND dataset = '\(question.dataset.rawValue)' "
            + "AND batch = \(question.batch)"
        filter.limit = Self.mostRuns
        for listing in try store.runs(filter) {
            guard listing.contextHash == contextHash else {
                leftOut["ran in another context", default: 0] += 1
                continue
            }
            try add(try store.detail(run: listing.run), cores: cores, times: times)
        }
    }

    private static let mostRuns = 200

    private mutating func add(
        _ detail: RunDetail, cores: Int, times: (Variant) throws -> ProcessorTimes?
    ) throws {
        guard let measured = detail.summary.stepMilliseconds.total, measured > 0,
            let variant = try? Variant(json: detail.description.config)
        else { return }
        if let why = Self.objection(to: variant, detail) {
            leftOut[why, default: 0] += 1
            return
        }
        guard let times = try times(variant) else {
            leftOut["asked for a method that was not measured", default: 0] += 1
            return
        }
        let hosts = Dictionary(grouping: detail.nodes.filter { $0.role == "worker" }, by: \.host)
        let crowding = AdviceQuestion.crowding(
            workersOnHost: hosts.values.map(\.count).max() ?? 1, threads: variant.threads,
            cores: cores)
        let forecast = try StepForecast(variant, times: times, crowding: crowding)
        cases.append(
            Case(
                run: detail.summary.run, method: variant.method.name,
                topology: variant.topology.rawValue,
                forecastMilliseconds: forecast.milliseconds, measuredMilliseconds: measured))
    }

    /// What the model knows nothing of.
    private static func objection(to variant: Variant, _ detail: RunDetail) -> String? {
        if variant.link?.bandwidthBitsPerSecond == nil { return "had no emulated bandwidth" }
        if variant.workers < 2 { return "had one worker" }
        if variant.exchange?.overlap == true { return "hid exchange behind backward" }
        if detail.summary.faults != nil { return "lost members" }
        return nil
    }
}
