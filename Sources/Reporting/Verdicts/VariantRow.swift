import RunStore

/// A variant over its seeds: exactly the object of `compare --by-variant --format json`.
public struct VariantRow: Encodable, Equatable, Sendable {
    /// Name of the experiment.
    public var experiment: String
    /// Name of the variant.
    public var variant: String
    /// `server`, `ring`, `tree` or `halvingDoubling`.
    public var topology: String
    /// Method and its options in short.
    public var method: String
    /// Number of workers.
    public var workers: Int
    /// The emulated link in short; `nil` for the bare machine.
    public var link: String?
    /// Completed runs.
    public var runs: Int
    /// Seeds of these, in order.
    public var seeds: [UInt64]
    /// Runs that ended otherwise, or not yet.
    public var otherRuns: Int
    /// Median over the runs of a run's median step.
    public var stepMilliseconds: Double?
    /// The quickest run's.
    public var leastStepMilliseconds: Double?
    /// The slowest run's.
    public var greatestStepMilliseconds: Double?
    /// Name of the variant that speed-ups are against.
    public var baseline: String?
    /// The baseline's median time per sample over this one's; `nil` of the baseline.
    public var speedup: Double?
    /// Ends of its 95 % interval.
    public var speedupLower: Double?
    public var speedupUpper: Double?
    /// `signed-rank` or `rank-sum`.
    public var test: String?
    /// Two-sided.
    public var p: Double?
    /// The smallest that so many runs could have reached.
    public var smallestP: Double?
    /// After Holm's correction over the table.
    public var adjustedP: Double?
    /// `nil` of the baseline, and without one.
    public var verdict: Verdict?
    /// Medians over the runs.
    public var bytesSentPerWorkerStep: Double?
    public var finalLoss: Double?
    public var finalAccuracy: Double?

    enum CodingKeys: String, CodingKey {
        case experiment, variant, topology, method, workers, link, runs, seeds, otherRuns
        case stepMilliseconds, leastStepMilliseconds, greatestStepMilliseconds, baseline, speedup
        case speedupLower, speedupUpper, test, p, smallestP, adjustedP, verdict
        case bytesSentPerWorkerStep, finalLoss, finalAccuracy
    }

    /// Of a variant without figures.
    init(_ row: ComparisonRow) {
        experiment = row.experiment
        variant = row.variant
        topology = row.topology
        method = row.method
        workers = row.workers
        link = row.link
        runs = 0
        seeds = []
        otherRuns = 0
        baseline = row.baseline
    }

    /// Whether others are held against it.
    public var isBaseline: Bool { baseline == variant }

    /// Writes every key, `null` where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(experiment, forKey: .experiment)
        try container.encode(variant, forKey: .variant)
        try container.encode(topology, forKey: .topology)
        try container.encode(method, forKey: .method)
        try container.encode(workers, forKey: .workers)
        try container.encode(link, forKey: .link)
        try container.encode(runs, forKey: .runs)
        try container.encode(seeds, forKey: .seeds)
        try container.encode(otherRuns, forKey: .otherRuns)
        try container.encode(stepMilliseconds, forKey: .stepMilliseconds)
        try container.encode(leastStepMilliseconds, forKey: .leastStepMilliseconds)
        try container.encode(greatestStepMilliseconds, forKey: .greatestStepMilliseconds)
        try container.encode(baseline, forKey: .baseline)
        try container.encode(speedup, forKey: .speedup)
        try container.encode(speedupLower, forKey: .speedupLower)
        try container.encode(speedupUpper, forKey: .speedupUpper)
        try container.encode(test, forKey: .test)
        try container.encode(p, forKey: .p)
        try container.encode(smallestP, forKey: .smallestP)
        try container.encode(adjustedP, forKey: .adjustedP)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(bytesSentPerWorkerStep, forKey: .bytesSentPerWorkerStep)
        try container.encode(finalLoss, forKey: .finalLoss)
        try container.encode(finalAccuracy, forKey: .finalAccuracy)
    }
}
