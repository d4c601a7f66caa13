/// What a step costs a worker's processor, peers and links left out.
public struct ProcessorTimes: Codable, Equatable, Sendable {
    /// Forward and backward.
    public var computeMilliseconds: Double
    /// Residual, momentum, sketch or selection.
    public var encodeMilliseconds: Double
    /// Merging, estimates, candidates, scattering.
    public var decodeMilliseconds: Double
    /// Optimiser.
    public var updateMilliseconds: Double

    /// Memberwise.
    public init(
        computeMilliseconds: Double, encodeMilliseconds: Double, decodeMilliseconds: Double,
        updateMilliseconds: Double
    ) {
        self.computeMilliseconds = computeMilliseconds
        self.encodeMilliseconds = encodeMilliseconds
        self.decodeMilliseconds = decodeMilliseconds
        self.updateMilliseconds = updateMilliseconds
    }
}
