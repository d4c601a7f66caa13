/// A method on a topology, and what its step should take.
public struct AdviceRow: Encodable, Equatable, Sendable {
    /// 1 for the quickest.
    public var rank = 0
    public var topology: String
    /// Method without options.
    public var method: String
    /// Method with its options.
    public var options: String
    /// A whole step.
    public var stepMilliseconds: Double
    /// Of all workers.
    public var samplesPerSecond: Double
    /// Against the quickest dense row.
    public var speedup: Double?
    public var computeMilliseconds: Double
    public var encodeMilliseconds: Double
    public var exchangeMilliseconds: Double
    public var decodeMilliseconds: Double
    public var updateMilliseconds: Double
    /// Payload, mean over the workers.
    public var bytesSentPerWorkerStep: Double?
    /// Payload in and out of a dedicated server.
    public var serverBytesPerStep: Double?
    /// Whether the exchange ran in virtual time; else it is by formula.
    public var isSimulated: Bool
    /// Stored runs of the method and topology that the model was run over.
    public var pastRuns = 0
    /// Median of |forecast - measured| / measured over these.
    public var pastError: Double?
    /// Median of forecast / measured.
    public var pastRatio: Double?

    /// A row of a forecast, without a rank and a past.
    public init(
        topology: String, method: String, options: String, stepMilliseconds: Double,
        samplesPerSecond: Double, computeMilliseconds: Double, encodeMilliseconds: Double,
        exchangeMilliseconds: Double, decodeMilliseconds: Double, updateMilliseconds: Double,
        bytesSentPerWorkerStep: Double?, serverBytesPerStep: Double?, isSimulated: Bool
    ) {
        self.topology = topology
        self.method = method
        self.options = options
        self.stepMilliseconds = stepMilliseconds
        self.samplesPerSecond = samplesPerSecond
        self.computeMilliseconds = computeMilliseconds
        self.encodeMilliseconds = encodeMilliseconds
        self.exchangeMilliseconds = exchangeMilliseconds
        self.decodeMilliseconds = decodeMilliseconds
        self.updateMilliseconds = updateMilliseconds
        self.bytesSentPerWorkerStep = bytesSentPerWorkerStep
        self.serverBytesPerStep = serverBytesPerStep
        self.isSimulated = isSimulated
    }

    /// The same keys in every row, `null` where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rank, forKey: .rank)
        try container.encode(topology, forKey: .topology)
        try container.encode(method, forKey: .method)
        try container.encode(options, forKey: .options)
        try container.encode(stepMilliseconds, forKey: .stepMilliseconds)
        try container.encode(samplesPerSecond, forKey: .samplesPerSecond)
        try container.encode(speedup, forKey: .speedup)
        try container.encode(computeMilliseconds, forKey: .computeMilliseconds)
        try container.encode(encodeMilliseconds, forKey: .encodeMilliseconds)
        try container.encode(exchangeMilliseconds, forKey: .exchangeMilliseconds)
        try container.encode(decodeMilliseconds, forKey: .decodeMilliseconds)
        try container.encode(updateMilliseconds, forKey: .updateMilliseconds)
        try container.encode(bytesSentPerWorkerStep, forKey: .bytesSentPerWorkerStep)
        try container.encode(serverBytesPerStep, forKey: .serverBytesPerStep)
        try container.encode(isSimulated, forKey: .isSimulated)
        try container.encode(pastRuns, forKey: .pastRuns)
        try container.encode(pastError, forKey: .pastError)
        try container.encode(pastRatio, forKey: .pastRatio)
    }

    private enum CodingKeys: String, CodingKey {
        case rank, topology, method, options, stepMilliseconds, samplesPerSecond, speedup
        case computeMilliseconds, encodeMilliseconds, exchangeMilliseconds, decodeMilliseconds
        case updateMilliseconds, bytesSentPerWorkerStep, serverBytesPerStep, isSimulated
        case pastRuns, pastError, pastRatio
    }
}
