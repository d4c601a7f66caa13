/// What one node measured in one training step. Times are nanoseconds.
public struct StepRow: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// Rank; a server's rank is the number of workers.
    public var rank: Int
    /// Number of the step, from 0.
    public var step: Int
    /// Mean training loss of the node's own batch; `nil` on a server, and where it was not finite.
    public var loss: Double?
    /// Wall time of the whole step: the sum of the phases, within 2 %.
    public var totalNanoseconds: Int64
    /// Forward and backward.
    public var computeNanoseconds: Int64
    /// Residual, momentum, sketch or selection before sending.
    public var encodeNanoseconds: Int64
    /// Sending, receiving and adding, without the time blocked on peers.
    public var exchangeNanoseconds: Int64
    /// Blocked on peers.
    public var waitNanoseconds: Int64
    /// Estimates, candidates, scattering.
    public var decodeNanoseconds: Int64
    /// Optimiser.
    public var updateNanoseconds: Int64
    /// Exchanging and waiting that went on behind other phases: no part of the total.
    public var hiddenNanoseconds: Int64
    /// Data-plane bytes sent, headers included.
    public var bytesSent: Int64
    /// Data-plane bytes received, headers included.
    public var bytesReceived: Int64
    /// Data-plane frames sent.
    public var messagesSent: Int64
    /// When the step began by its node's monotonic clock; `nil` where that was not recorded.
    public var beganNanoseconds: Int64?

    /// Memberwise.
    public init(
        run: Int64, rank: Int, step: Int, loss: Double?, totalNanoseconds: Int64,
        computeNanoseconds: Int64, encodeNanoseconds: Int64, exchangeNanoseconds: Int64,
        waitNanoseconds: Int64, decodeNanoseconds: Int64, updateNanoseconds: Int64,
        hiddenNanoseconds: Int64 = 0, bytesSent: Int64, bytesReceived: Int64,
        messagesSent: Int64, beganNanoseconds: Int64? = nil
    ) {
        self.run = run
        self.rank = rank
        self.step = step
        self.loss = loss
        self.totalNanoseconds = totalNanoseconds
        self.computeNanoseconds = computeNanoseconds
        self.encodeNanoseconds = encodeNanoseconds
        self.exchangeNanoseconds = exchangeNanoseconds
        self.waitNanoseconds = waitNanoseconds
        self.decodeNanoseconds = decodeNanoseconds
        self.updateNanoseconds = updateNanoseconds
        self.hiddenNanoseconds = hiddenNanoseconds
        self.bytesSent = bytesSent
        self.bytesReceived = bytesReceived
        self.messagesSent = messagesSent
        self.beganNanoseconds = beganNanoseconds
    }

    /// Writes every key, `null` for an unknown loss.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run, forKey: .run)
        try container.encode(rank, forKey: .rank)
        try container.encode(step, forKey: .step)
        try container.encode(loss, forKey: .loss)
        try container.encode(totalNanoseconds, forKey: .totalNanoseconds)
        try container.encode(computeNanoseconds, forKey: .computeNanoseconds)
        try container.encode(encodeNanoseconds, forKey: .encodeNanoseconds)
        try container.encode(exchangeNanoseconds, forKey: .exchangeNanoseconds)
        try container.encode(waitNanoseconds, forKey: .waitNanoseconds)
        try container.encode(decodeNanoseconds, forKey: .decodeNanoseconds)
        try container.encode(updateNanoseconds, forKey: .updateNanoseconds)
        try container.encode(hiddenNanoseconds, forKey: .hiddenNanoseconds)
        try container.encode(bytesSent, forKey: .bytesSent)
        try container.encode(bytesReceived, forKey: .bytesReceived)
        try container.encode(messagesSent, forKey: .messagesSent)
        try container.encode(beganNanoseconds, forKey: .beganNanoseconds)
    }
}
