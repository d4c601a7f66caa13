/// Median milliseconds of a training step and of its phases, over steps and worker ranks.
public struct StepMilliseconds: Codable, Equatable, Sendable {
    /// Wall time of the whole step.
    public var total: Double?
    /// Forward and backward.
    public var compute: Double?
    /// Residual, momentum, sketch or selection before sending.
    public var encode: Double?
    /// Sending, receiving and adding, without the time blocked on peers.
    public var exchange: Double?
    /// Blocked on peers.
    public var wait: Double?
    /// Estimates, candidates, scattering.
    public var decode: Double?
    /// Optimiser.
    public var update: Double?
    /// Exchanging and waiting that went on behind other phases: no part of the total.
    public var hidden: Double?

    /// All unknown.
    public init() {}

    /// Each phase from a function, such as the median of a column.
    package init(_ median: (KeyPath<StepRow, Int64>) -> Double?) {
        total = median(\.totalNanoseconds)
        compute = median(\.computeNanoseconds)
        encode = median(\.encodeNanoseconds)
        exchange = median(\.exchangeNanoseconds)
        wait = median(\.waitNanoseconds)
        decode = median(\.decodeNanoseconds)
        update = median(\.updateNanoseconds)
        hidden = median(\.hiddenNanoseconds)
    }

    /// Writes every key, `null` where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(total, forKey: .total)
        try container.encode(compute, forKey: .compute)
        try container.encode(encode, forKey: .encode)
        try container.encode(exchange, forKey: .exchange)
        try container.encode(wait, forKey: .wait)
        try container.encode(decode, forKey: .decode)
        try container.encode(update, forKey: .update)
        try container.encode(hidden, forKey: .hidden)
    }
}
