/// Which runs to list.
public struct RunFilter: Equatable, Sendable {
    /// Only runs of this experiment; `nil` for all.
    public var experiment: String?
    /// Only runs that stand so; empty for all.
    public var statuses: [RunStatus]

    /// All runs, unless narrowed.
    public init(experiment: String? = nil, statuses: [RunStatus] = []) {
        self.experiment = experiment
        self.statuses = statuses
    }
}

/// Which runs to compare, and against which.
public struct ComparisonFilter: Equatable, Sendable {
    /// The newest run of every variant and seed of this experiment; `nil` for the latest
    /// experiment. Ignored when `runs` names some.
    public var experiment: String?
    /// Exactly these runs, in this order.
    public var runs: [Int64]
    /// Name of the variant that speed-ups refer to. `nil`: the experiment's first variant with
    /// method `dense` and topology `server`, else its first one with method `dense`.
    public var baseline: String?

    /// The latest experiment, unless narrowed.
    public init(experiment: String? = nil, runs: [Int64] = [], baseline: String? = nil) {
        self.experiment = experiment
        self.runs = runs
        self.baseline = baseline
    }
}
