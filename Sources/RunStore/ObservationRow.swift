/// What the workers of a run saw of one step together; see docs/observatory.md.
public struct ObservationRow: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// Number of the step, from 0.
    public var step: Int
    /// Workers that took part.
    public var workers: Int
    /// Norm of the mean gradient over the weights.
    public var gradientNorm: Double?
    /// Norm of the mean contribution.
    public var contributionNorm: Double?
    /// Norm of the update.
    public var updateNorm: Double?
    /// Root mean square over the workers of the norms of what they hold back.
    public var residualNorm: Double?
    /// Cosine between update and mean gradient.
    public var cosineGradient: Double?
    /// Cosine between update and mean contribution.
    public var cosineContribution: Double?
    /// Weights that a step is meant to change, k; `nil` where it is all of them.
    public var kept: Int?
    /// Weights at which the update is not zero.
    public var applied: Int
    /// Share of the true top-k that was applied.
    public var recall: Double?
    /// Energy of the best k applied weights against that of the true top-k.
    public var capturedEnergy: Double?
    /// Energy of the true top-k against that of the whole contribution.
    public var topEnergy: Double?
    /// sigma / tau of a sketch.
    public var noiseRatio: Double?
    /// Share of the updates that change nothing.
    public var unchangedShare: Double?
    /// Distance between a chain of merges and a balanced one, relative.
    public var associativityDefect: Double?
    /// Data-plane bytes that all workers sent to observe.
    public var bytesSent: Int64
    /// How long rank 0 stood still to observe.
    public var nanoseconds: Int64

    /// Of a step, with nothing known yet.
    public init(run: Int64, step: Int, workers: Int) {
        self.run = run
        self.step = step
        self.workers = workers
        applied = 0
        bytesSent = 0
        nanoseconds = 0
    }

    /// Above this share of updates that change nothing, the run is told to be stalling.
    public static let unchangedLimit = 0.1

    /// Whether more of the updates change nothing than a sound run's do.
    public var isStalling: Bool { unchangedShare.map { $0 > Self.unchangedLimit } ?? false }

    /// Writes every key, `null` where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run, forKey: .run)
        try container.encode(step, forKey: .step)
        try container.encode(workers, forKey: .workers)
        try container.encode(gradientNorm, forKey: .gradientNorm)
        try container.encode(contributionNorm, forKey: .contributionNorm)
        try container.encode(updateNorm, forKey: .updateNorm)
        try container.encode(residualNorm, forKey: .residualNorm)
        try container.encode(cosineGradient, forKey: .cosineGradient)
        try container.encode(cosineContribution, forKey: .cosineContribution)
        try container.encode(kept, forKey: .kept)
        try container.encode(applied, forKey: .applied)
        try container.encode(recall, forKey: .recall)
        try container.encode(capturedEnergy, forKey: .capturedEnergy)
        try container.encode(topEnergy, forKey: .topEnergy)
        try container.encode(noiseRatio, forKey: .noiseRatio)
        try container.encode(unchangedShare, forKey: .unchangedShare)
        try container.encode(associativityDefect, forKey: .associativityDefect)
        try container.encode(bytesSent, forKey: .bytesSent)
        try container.encode(nanoseconds, forKey: .nanoseconds)
    }
}
