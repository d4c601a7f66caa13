/// What one node measured in one training step. Times are nanoseconds of its monotonic clock.
public struct StepRecord: Codable, Equatable, Sendable {
    /// Number of the step, from 0.
    public var step: Int
    /// Mean training loss of the node's own batch; `nil` on a server.
    public var loss: Double?
    /// When the step began; 0 where that is not known.
    public var began: Int64 = 0
    /// Wall time of the whole step.
    public var total: Int64 = 0
    /// Forward and backward.
    public var compute: Int64 = 0
    /// Residual, momentum, sketch or selection before sending.
    public var encode: Int64 = 0
    /// Sending, receiving and adding, without the time blocked on peers.
    public var exchange: Int64 = 0
    /// Blocked on peers.
    public var wait: Int64 = 0
    /// Estimates, candidates, scattering.
    public var decode: Int64 = 0
    /// Optimiser.
    public var update: Int64 = 0
    /// Exchanging and waiting that went on behind other phases; no part of the total.
    public var hidden: Int64 = 0
    /// Data-plane bytes sent, headers included.
    public var bytesSent: Int64 = 0
    /// Data-plane bytes received, headers included.
    public var bytesReceived: Int64 = 0
    /// Data-plane frames sent.
    public var messagesSent: Int64 = 0
    /// Checksum of the parameters after the step, where the run asks for one.
    public var checksum: UInt64?
    /// Euclidean norm of what the worker holds back, where a checksum is and the method has a
    /// residual.
    public var residual: Double?

    /// An empty record of a step.
    public init(step: Int) {
        self.step = step
    }
}
