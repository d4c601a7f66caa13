/// What the workers saw of one step together, where the run is observed. Vectors are those over the
/// weights, which methods compress; a number that is unknown or not finite is `nil`.
public struct StepObservation: Codable, Equatable, Sendable {
    /// Number of the step, from 0.
    public var step: Int
    /// Workers that took part.
    public var workers: Int
    /// Norm of the mean gradient.
    public var gradientNorm: Double?
    /// Norm of the mean contribution: gradient and what error feedback holds back.
    public var contributionNorm: Double?
    /// Norm of the update.
    public var updateNorm: Double?
    /// Root mean square over the workers of the norms of what they hold back after the step.
    public var residualNorm: Double?
    /// Cosine between the update and the mean gradient.
    public var cosineGradient: Double?
    /// Cosine between the update and the mean contribution.
    public var cosineContribution: Double?
    /// Weights that a step is meant to change, k.
    public var kept: Int?
    /// Weights at which the update is not zero.
    public var applied = 0
    /// Share of the true top-k that was applied.
    public var recall: Double?
    /// Energy of the best k applied weights against that of the true top-k.
    public var capturedEnergy: Double?
    /// Energy of the true top-k against that of the whole contribution.
    public var topEnergy: Double?
    /// sigma / tau of the sketch.
    public var noiseRatio: Double?
    /// Share of the updates that change nothing.
    public var unchangedShare: Double?
    /// Distance between a chain of merges and a balanced one, relative.
    public var associativityDefect: Double?
    /// Data-plane bytes that all workers sent to observe, headers included.
    public var bytesSent: Int64 = 0
    /// How long rank 0 stood still to observe.
    public var nanoseconds: Int64 = 0

    /// Of a step, with nothing known yet.
    public init(step: Int, workers: Int) {
        self.step = step
        self.workers = workers
    }
}
