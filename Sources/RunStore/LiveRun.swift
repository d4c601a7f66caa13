public import Foundation

/// How a running run stands, from its newest steps.
public struct LiveRun: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// Name of the experiment.
    public var experiment: String
    /// Name of the variant.
    public var variant: String
    /// Seed of the run.
    public var seed: UInt64
    /// Number of workers asked.
    public var workers: Int
    /// Steps that the slowest worker has told of.
    public var step = 0
    /// Mean training loss of the newest steps.
    public var loss: Double?
    /// Samples of all workers per second over the newest steps.
    public var samplesPerSecond: Double?
    /// Means over the newest steps and the workers.
    public var stepMilliseconds = StepMilliseconds()
    /// Mean bytes a worker sent per step, over the newest steps.
    public var bytesSentPerWorkerStep: Double?
    /// Mean bytes a worker received per step, over the newest steps.
    public var bytesReceivedPerWorkerStep: Double?
    /// When the newest step ended, by the coordinator's clock.
    public var lastStepAt: Date?
    /// Test accuracy of the latest evaluation, 0 to 1.
    public var accuracy: Double?

    /// Nothing measured yet.
    init(run: Int64, experiment: String, variant: String, seed: UInt64, workers: Int) {
        self.run = run
        self.experiment = experiment
        self.variant = variant
        self.seed = seed
        self.workers = workers
    }
}
