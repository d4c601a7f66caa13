/// What the simulated network does to frames. Every fault is a named number.
public struct NetworkOptions: Sendable {
    /// Seconds from a frame's last bit leaving to its last bit arriving.
    public var latencySeconds: Double = 0
    /// Seconds that one byte occupies a node's link, in each direction.
    public var secondsPerByte: Double = 0
    /// Largest extra delay of a frame, drawn uniformly; above zero frames overtake each other.
    public var jitterSeconds: Double = 0
    /// Chance that a frame arrives twice.
    public var duplicateProbability: Double = 0

    /// A perfect network of no delay.
    public init() {}

    /// Links of a latency and a bandwidth, without faults.
    public init(latencySeconds: Double, bytesPerSecond: Double) {
        self.latencySeconds = latencySeconds
        secondsPerByte = 1 / bytesPerSecond
    }
}
