import Collectives

/// Data-plane traffic of one node, counted in one place: after framing, just before send.
public struct ByteMeter: Equatable, Sendable {
    /// Bytes sent, headers included.
    public var sent: Int64 = 0
    /// Bytes received, headers included.
    public var received: Int64 = 0
    /// Frames sent.
    public var messagesSent: Int64 = 0
    /// Frames that were not ours: short, foreign or damaged.
    public var rejected: Int64 = 0
    /// Frames of another run, generation or operation, or that had come before.
    public var dropped: Int64 = 0

    /// The same traffic with what operations took in place of what has arrived.
    func taking(_ collective: BlockingCollective) -> ByteMeter {
        var meter = self
        meter.received = collective.bytesTaken
        meter.dropped = Int64(collective.dropped)
        return meter
    }
}
