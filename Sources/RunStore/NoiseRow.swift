/// How far apart equal runs of a case are by chance, as calibration found it.
public struct NoiseRow: Codable, Equatable, Sendable {
    /// Hash of what was asked.
    public var caseHash: String
    /// Hash of what it ran on.
    public var contextHash: String
    /// Name of the figure.
    public var metric: String
    /// Distance from 1 of the ratio of two single runs that 19 of 20 pairs stay within.
    public var floor: Double
    /// Pairs that were run.
    public var pairs: Int
    /// When: ISO 8601, UTC.
    public var measuredAt: String

    /// Memberwise.
    public init(
        caseHash: String, contextHash: String, metric: String, floor: Double, pairs: Int,
        measuredAt: String
    ) {
        self.caseHash = caseHash
        self.contextHash = contextHash
        self.metric = metric
        self.floor = floor
        self.pairs = pairs
        self.measuredAt = measuredAt
    }
}
