/// One node's emulated network card: full-duplex, one frame after another in each direction.
///
/// A pure value of virtual times in nanoseconds. The sender stamps each frame with the moment at
/// which it has left and travelled; the receiver serves arrivals in that order. Nobody sleeps to
/// send, so a node that computes delays no frame that it has already sent.
public struct EmulatedLink: Sendable {
    private let nanosecondsPerByte: Double
    private let latency: UInt64
    private var outgoingFree: UInt64 = 0
    private var incomingFree: UInt64 = 0

    /// - Parameters:
    ///   - bitsPerSecond: `nil` for no limit.
    ///   - latencySeconds: from leaving to arriving.
    public init(bitsPerSecond: Double?, latencySeconds: Double) {
        nanosecondsPerByte = bitsPerSecond.map { 8e9 / $0 } ?? 0
        latency = UInt64(max(0, latencySeconds) * 1e9)
    }

    private func duration(_ bytes: Int) -> UInt64 { UInt64(Double(bytes) * nanosecondsPerByte) }

    /// Queues a frame for sending; the moment at which its last bit arrives at the peer's card.
    public mutating func depart(bytes: Int, now: UInt64) -> UInt64 {
        outgoingFree = max(now, outgoingFree) + duration(bytes)
        return outgoingFree + latency
    }

    /// The moment at which a frame would be received in full, if it were served next; never later
    /// than time goes, whatever its sender wrote.
    public func completion(bytes: Int, release: UInt64) -> UInt64 {
        let (served, overflows) = incomingFree.addingReportingOverflow(duration(bytes))
        return max(release, overflows ? .max : served)
    }

    /// Serves a frame: the card is busy until its completion.
    public mutating func serve(bytes: Int, release: UInt64) {
        incomingFree = completion(bytes: bytes, release: release)
    }
}
