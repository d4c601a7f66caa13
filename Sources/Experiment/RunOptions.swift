/// When the test set is evaluated; always at the end.
public struct EvaluateOptions: Codable, Equatable, Sendable {
    /// Steps between evaluations.
    public var every: Int?
}

/// When the exchange is observed.
public struct ObserveOptions: Codable, Equatable, Sendable {
    /// Steps between observations.
    public var every: Int
}

/// What a run is timed against.
public struct TargetOptions: Codable, Equatable, Sendable {
    /// Test accuracy.
    public var accuracy: Double
}

/// Each node's emulated network card, both directions.
public struct LinkOptions: Codable, Equatable, Sendable {
    /// `nil` for no limit.
    public var bandwidthBitsPerSecond: Double?
    /// From leaving to arriving.
    public var latencySeconds: Double

    /// Memberwise.
    public init(bandwidthBitsPerSecond: Double?, latencySeconds: Double) {
        self.bandwidthBitsPerSecond = bandwidthBitsPerSecond
        self.latencySeconds = latencySeconds
    }

    /// As it is written in experiment files.
    public var summary: String {
        let bandwidth = bandwidthBitsPerSecond.map { Units.text(bitsPerSecond: $0) }
        return [bandwidth, Units.text(seconds: latencySeconds)].compactMap(\.self)
            .joined(separator: " ")
    }
}

/// Random changes of training images.
public struct AugmentOptions: Codable, Equatable, Sendable {
    /// Mirror half of them.
    public var flip = false
    /// Shift by up to so many pixels.
    public var shift = 0
}

/// Shape of the synthetic data set.
public struct SyntheticOptions: Codable, Equatable, Sendable {
    /// Training samples; a fifth as many are for tests.
    public var samples = 4_096
    /// Planes of an image.
    public var channels = 1
    /// Rows and columns of an image.
    public var size = 28
    /// Classes.
    public var classes = 10
}
