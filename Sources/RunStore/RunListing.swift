/// One line of the list of runs.
public struct RunListing: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// Name of the experiment.
    public var experiment: String
    /// Name of the variant.
    public var variant: String
    /// Seed of the run.
    public var seed: UInt64
    /// Where the run stands.
    public var status: RunStatus
    /// `server`, `ring`, `tree` or `halvingDoubling`.
    public var topology: String
    /// Method and its options in short.
    public var method: String
    /// Number of workers.
    public var workers: Int
    /// Name of the data set.
    public var dataset: String
    /// Name of the model.
    public var model: String
    /// Steps trained, once summarised.
    public var steps: Int?
    /// Training clock, evaluations excluded.
    public var seconds: Double?
    /// When it was queued: ISO 8601, UTC.
    public var createdAt: String
    /// When it started.
    public var startedAt: String?
    /// When it ended.
    public var finishedAt: String?
    /// Why it failed.
    public var failure: String?
    /// The emulated link in short; `nil` for the bare machine.
    public var link: String?
    /// Name of the coordinator's host.
    public var host: String?
    /// Revision of the sources, where known.
    public var gitRevision: String?
    /// Hash of what was asked.
    public var caseHash: String?
    /// Hash of what it ran on.
    public var contextHash: String?
    /// Samples of all workers per second of the training clock.
    public var samplesPerSecond: Double?
    /// Mean training loss of all workers over the last tenth of the steps.
    public var finalLoss: Double?
    /// Test accuracy of the last evaluation, 0 to 1.
    public var finalAccuracy: Double?

    /// What was asked and how it stands; the rest is unknown.
    public init(
        run: Int64, experiment: String, variant: String, seed: UInt64, status: RunStatus,
        topology: String, method: String, workers: Int, dataset: String, model: String,
        steps: Int?, seconds: Double?, createdAt: String, startedAt: String?,
        finishedAt: String?, failure: String?
    ) {
        self.run = run
        self.experiment = experiment
        self.variant = variant
        self.seed = seed
        self.status = status
        self.topology = topology
        self.method = method
        self.workers = workers
        self.dataset = dataset
        self.model = model
        self.steps = steps
        self.seconds = seconds
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.failure = failure
    }

    /// Writes every key, `null` where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run, forKey: .run)
        try container.encode(experiment, forKey: .experiment)
        try container.encode(variant, forKey: .variant)
        try container.encode(seed, forKey: .seed)
        try container.encode(status, forKey: .status)
        try container.encode(topology, forKey: .topology)
        try container.encode(method, forKey: .method)
        try container.encode(workers, forKey: .workers)
        try container.encode(dataset, forKey: .dataset)
        try container.encode(model, forKey: .model)
        try container.encode(steps, forKey: .steps)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(startedAt, forKey: .startedAt)
        try container.encode(finishedAt, forKey: .finishedAt)
        try container.encode(failure, forKey: .failure)
        try container.encode(link, forKey: .link)
        try container.encode(host, forKey: .host)
        try container.encode(gitRevision, forKey: .gitRevision)
        try container.encode(caseHash, forKey: .caseHash)
        try container.encode(contextHash, forKey: .contextHash)
        try container.encode(samplesPerSecond, forKey: .samplesPerSecond)
        try container.encode(finalLoss, forKey: .finalLoss)
        try container.encode(finalAccuracy, forKey: .finalAccuracy)
    }
}
