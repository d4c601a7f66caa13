/// How a daemon's monotonic clock stands to the coordinator's, found by asking for the time and halving
/// the round trip (Cristian, "Probabilistic clock synchronization", 1989).
public struct ClockReading: Codable, Equatable, Sendable {
    /// Added to the daemon's clock it gives the coordinator's, in nanoseconds.
    public var offset: Int64
    /// At most so many nanoseconds wrong when it was taken: half of the round trip.
    public var error: Int64

    /// Memberwise.
    public init(offset: Int64, error: Int64) {
        self.offset = offset
        self.error = error
    }

    /// Processes of one boot share the clock.
    public static let same = ClockReading(offset: 0, error: 0)
}
