/// What a gate needs to know of one run.
public struct MeasuredRun: Equatable, Sendable {
    /// How it is told in reports, such as `run 7`.
    public var name: String
    /// Name of its experiment.
    public var experiment: String
    /// Name of its variant.
    public var variant: String
    /// Its seed.
    public var seed: UInt64
    /// Hash of what was asked.
    public var caseHash: String
    /// What was asked, by key.
    public var asked: [String: String] = [:]
    /// Hash of what it ran on.
    public var contextHash: String
    /// What it ran on, by key.
    public var context: [String: String] = [:]
    /// Revision of the sources, where known.
    public var revision: String?
    /// Why it has no figures or no learning ones: it failed, or its loss was not finite.
    public var failure: String?
    /// Whether it lost a node on the way, which changes what it counts.
    public var lostNodes = false
    /// Its figures; none is not finite.
    public var values: [Metric: Double] = [:]

    /// The keys in which it was asked for, or ran on, something else than another.
    public func differingKeys(from other: MeasuredRun) -> [String] {
        let pair = CasePair(
            experiment: experiment, variant: variant, baseline: [other], candidate: [self])
        return pair.differences.map(\.key)
    }

    /// A run without figures.
    public init(
        name: String, experiment: String, variant: String, seed: UInt64, caseHash: String,
        contextHash: String
    ) {
        self.name = name
        self.experiment = experiment
        self.variant = variant
        self.seed = seed
        self.caseHash = caseHash
        self.contextHash = contextHash
    }
}
