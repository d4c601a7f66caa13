/// One variant and seed of a comparison: exactly the object of `compare --format json`. Figures are
/// `nil` for a run that is not completed, and learning figures for one whose loss was not finite.
public struct ComparisonRow: Codable, Equatable, Sendable {
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
    /// Number of model parameters.
    public var parameters: Int?
    /// Steps trained.
    public var steps: Int?
    /// Training clock, evaluations excluded.
    public var seconds: Double?
    /// Samples of all workers per second of the training clock.
    public var samplesPerSecond: Double?
    /// Medians over steps and worker ranks.
    public var stepMilliseconds: StepMilliseconds
    /// Mean bytes a worker sends per step.
    public var bytesSentPerWorkerStep: Double?
    /// Mean bytes a worker receives per step.
    public var bytesReceivedPerWorkerStep: Double?
    /// Mean bytes through the server per step, both directions; `nil` without a server.
    public var serverBytesPerStep: Double?
    /// Dense bytes of the same topology / sent bytes; `nil` for one worker, who sends nothing.
    public var compression: Double?
    /// Mean training loss of all workers over the last tenth of the steps.
    public var finalLoss: Double?
    /// Test accuracy of the last evaluation, 0 to 1.
    public var finalAccuracy: Double?
    /// Highest test accuracy, 0 to 1.
    public var bestAccuracy: Double?
    /// Training clock at the first evaluation that reached the target.
    public var secondsToTarget: Double?
    /// Bytes all workers sent up to that evaluation.
    public var bytesToTarget: Int64?
    /// Samples per second against the baseline's of the same seed.
    public var speedup: Double?
    /// The emulated link in short; `nil` for the bare machine.
    public var link: String?
    /// Checksum of the final parameters, 16 hexadecimal digits.
    public var checksum: String?
    /// Why the run failed or its learning figures are missing.
    public var failure: String?
    /// What losses cost; `nil` without any.
    public var faults: FaultFigures?
    /// Whether a compressing method beats its dense twin on a slow link.
    public var breakEven: BreakEven.Verdict?
    /// Link speed below which it does, in bits per second; `nil` where there is no such speed.
    public var breakEvenBitsPerSecond: Double?
    /// Number of the dense run that the break-even is against.
    public var denseTwin: Int64?
    /// Its samples per second over that run's.
    public var denseTwinSpeedup: Double?
    /// A speed-up of a compressing method without a dense twin to hold it against.
    public var isUnproven = false
    /// Whether no row of the experiment and seed is as good in seconds, bytes and loss, and better
    /// in one; `nil` where one of the three is unknown.
    public var isParetoOptimal: Bool?
    /// Name of the coordinator's host.
    public var host: String?
    /// Revision of the sources, where known.
    public var gitRevision: String?
    /// Hash of what was asked.
    public var caseHash = ""
    /// Hash of what it ran on.
    public var contextHash = ""
    /// Name of the variant `speedup` refers to. Not part of the JSON.
    public var baseline: String?
    /// Number of the run `speedup` refers to. Not part of the JSON.
    public var baselineRun: Int64?
    /// Method without options. Not part of the JSON.
    public var methodName = ""
    /// Name of the data set. Not part of the JSON.
    public var dataset = ""
    /// Name of the model. Not part of the JSON.
    public var model = ""
    /// Samples per worker and step. Not part of the JSON.
    public var batch = 0

    enum CodingKeys: String, CodingKey, CaseIterable {
        case run, experiment, variant, seed, status, topology, method, workers, parameters, steps
        case seconds, samplesPerSecond, stepMilliseconds
        case bytesSentPerWorkerStep, bytesReceivedPerWorkerStep, serverBytesPerStep, compression
        case finalLoss, finalAccuracy, bestAccuracy, secondsToTarget, bytesToTarget, speedup
        case link, checksum, failure, faults, breakEven, breakEvenBitsPerSecond, denseTwin
        case denseTwinSpeedup, isUnproven, isParetoOptimal, host, gitRevision, caseHash, contextHash
    }

    /// A row whose figures are unknown.
    public init(
        run: Int64, experiment: String, variant: String, seed: UInt64, status: RunStatus,
        topology: String, method: String, workers: Int
    ) {
        self.run = run
        self.experiment = experiment
        self.variant = variant
        self.seed = seed
        self.status = status
        self.topology = topology
        self.method = method
        self.workers = workers
        stepMilliseconds = StepMilliseconds()
    }

    /// Bytes that all workers sent in the whole run.
    public var totalBytesSent: Double? {
        guard let bytesSentPerWorkerStep, let steps else { return nil }
        return bytesSentPerWorkerStep * Double(steps) * Double(workers)
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
        try container.encode(parameters, forKey: .parameters)
        try container.encode(steps, forKey: .steps)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(samplesPerSecond, forKey: .samplesPerSecond)
        try container.encode(stepMilliseconds, forKey: .stepMilliseconds)
        try container.encode(bytesSentPerWorkerStep, forKey: .bytesSentPerWorkerStep)
        try container.encode(bytesReceivedPerWorkerStep, forKey: .bytesReceivedPerWorkerStep)
        try container.encode(serverBytesPerStep, forKey: .serverBytesPerStep)
        try container.encode(compression, forKey: .compression)
        try container.encode(finalLoss, forKey: .finalLoss)
        try container.encode(finalAccuracy, forKey: .finalAccuracy)
        try container.encode(bestAccuracy, forKey: .bestAccuracy)
        try container.encode(secondsToTarget, forKey: .secondsToTarget)
        try container.encode(bytesToTarget, forKey: .bytesToTarget)
        try container.encode(speedup, forKey: .speedup)
        try container.encode(link, forKey: .link)
        try container.encode(checksum, forKey: .checksum)
        try container.encode(failure, forKey: .failure)
        try container.encode(faults, forKey: .faults)
        try container.encode(breakEven, forKey: .breakEven)
        try container.encode(breakEvenBitsPerSecond, forKey: .breakEvenBitsPerSecond)
        try container.encode(denseTwin, forKey: .denseTwin)
        try container.encode(denseTwinSpeedup, forKey: .denseTwinSpeedup)
        try container.encode(isUnproven, forKey: .isUnproven)
        try container.encode(isParetoOptimal, forKey: .isParetoOptimal)
        try container.encode(host, forKey: .host)
        try container.encode(gitRevision, forKey: .gitRevision)
        try container.encode(caseHash, forKey: .caseHash)
        try container.encode(contextHash, forKey: .contextHash)
    }
}
