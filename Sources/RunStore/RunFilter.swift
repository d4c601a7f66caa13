public import Foundation

/// Which runs a question is about. Every part narrows; left out, it narrows nothing.
public struct RunFilter: Equatable, Sendable {
    /// Only runs of this experiment.
    public var experiment: String?
    /// Only runs that stand so.
    public var statuses: [RunStatus]
    /// Only these variants, by name.
    public var variants: [String] = []
    /// Only these methods: without options, such as `sketch`, or with all of them as listed.
    public var methods: [String] = []
    /// Only these topologies.
    public var topologies: [String] = []
    /// Only runs of so many workers.
    public var workers: [Int] = []
    /// Only runs that were queued then or later.
    public var since: Date?
    /// Only runs that were queued before then.
    public var until: Date?
    /// Only runs of a git revision that begins so.
    public var revision: String?
    /// Only runs whose coordinator or one of whose nodes was on the host of this name.
    public var host: String?
    /// Only runs for which this SQL expression over the columns of `v_runs` and `v_compare` is true.
    public var condition: String?
    /// At most so many, the newest ones.
    public var limit: Int?

    /// All runs, unless narrowed.
    public init(experiment: String? = nil, statuses: [RunStatus] = []) {
        self.experiment = experiment
        self.statuses = statuses
    }

    /// The parts that say when and on what a run was made, not what was asked: they hold for the
    /// runs that others are compared against, too.
    var surroundings: RunFilter {
        var filter = RunFilter()
        filter.since = since
        filter.until = until
        filter.revision = revision
        filter.host = host
        return filter
    }
}

/// Which runs to compare, and against which.
public struct ComparisonFilter: Equatable, Sendable {
    /// The newest run of every variant and seed of this experiment; `nil` for the latest
    /// experiment. Ignored when `runs` names some.
    public var experiment: String?
    /// Exactly these runs, in this order, as far as `among` allows.
    public var runs: [Int64]
    /// Name of the variant that speed-ups refer to. `nil`: the experiment's first variant with
    /// method `dense` and topology `server`, else its first one with method `dense`.
    public var baseline: String?
    /// Only among these runs. Its experiment and limit do not count.
    public var among = RunFilter()

    /// The latest experiment, unless narrowed.
    public init(experiment: String? = nil, runs: [Int64] = [], baseline: String? = nil) {
        self.experiment = experiment
        self.runs = runs
        self.baseline = baseline
    }
}
