/// What a whole step should take: a worker's own work, and the exchange by the cost model.
///
/// Nothing overlaps, workers are equally quick and never wait for a slower one, and moving and
/// adding bytes in memory is free.
public struct StepForecast: Equatable, Sendable {
    /// Forward and backward.
    public var computeMilliseconds = 0.0
    /// Before sending.
    public var encodeMilliseconds = 0.0
    /// On the links.
    public var exchangeMilliseconds = 0.0
    /// After receiving.
    public var decodeMilliseconds = 0.0
    /// Optimiser.
    public var updateMilliseconds = 0.0
    /// Payload that a worker sends, mean over the workers; `nil` by formula.
    public var bytesSentPerWorkerStep: Double?
    /// Payload in and out of a dedicated server; `nil` by formula.
    public var serverBytesPerStep: Double?
    /// Whether the exchange ran in virtual time; else it is by formula, which knows no pipelining.
    public var isSimulated = true

    /// The step.
    public var milliseconds: Double {
        computeMilliseconds + encodeMilliseconds + exchangeMilliseconds + decodeMilliseconds
            + updateMilliseconds
    }

    /// Words of all workers up to which the exchange runs in virtual time, which needs their memory.
    public static let mostSimulatedWords = 1 << 27

    /// The exchange; the worker's own work is still to be told.
    public init(exchange model: StepModel, over link: StepModel.Link, chunkWords: Int) {
        let isSimulated = model.totalWords <= Self.mostSimulatedWords
        self.isSimulated = isSimulated
        guard isSimulated else {
            exchangeMilliseconds = 1000 * model.seconds(over: link)
            return
        }
        let simulated = model.simulate(over: link, chunkWords: chunkWords)
        exchangeMilliseconds = 1000 * simulated.seconds
        bytesSentPerWorkerStep = simulated.bytesPerWorker
        serverBytesPerStep = simulated.serverBytes
    }
}
