public import RunStore
import Statistics

/// How a figure of a case went over git revisions, and where it took a new level.
public struct Trend: Encodable, Equatable, Sendable {
    /// The runs of one revision.
    public struct Revision: Encodable, Equatable, Sendable {
        /// As the runs recorded it.
        public var revision: String
        /// When the first of them was queued: ISO 8601, UTC.
        public var firstRunAt: String
        /// How many.
        public var runs: Int
        /// Of their figures.
        public var median: Double
        /// The least of them.
        public var least: Double
        /// The greatest of them.
        public var greatest: Double
    }

    /// A new level.
    public struct Change: Encodable, Equatable, Sendable {
        /// The first revision that has it.
        public var revision: String
        /// Median over the revisions since the change before.
        public var before: Double
        /// Median over the revisions up to the change after.
        public var after: Double
        /// From `before` to `after`; `nil` when that was 0.
        public var percent: Double?
        /// Chance of a difference as large when nothing has changed, the choice of the place aside.
        public var p: Double
        /// Whether it is for the better.
        public var isBetter: Bool
    }

    /// Revisions without which no change can be found.
    public static let fewestRevisions = ChangePoints.shortestHistory

    /// Which figure.
    public var metric: RunMetric
    /// Name of the newest run's experiment.
    public var experiment: String
    /// Name of its variant.
    public var variant: String
    /// Hash of what was asked.
    public var caseHash: String
    /// Hash of what it ran on.
    public var contextHash: String
    /// By the time of their first run.
    public var revisions: [Revision]
    /// In the order of the revisions.
    public var changes: [Change]
    /// Revisions far off those around them, which are not asked for changes.
    public var wild: [String]
    /// Runs without a revision: left out.
    public var runsWithoutRevision: Int
    /// Runs without the figure, such as the loss of a diverged one: left out.
    public var runsWithoutValue: Int
    /// Other things that the variant asked: left out.
    public var otherCases: [CaseHistory.Apart]
    /// Other things that the case ran on: left out.
    public var otherContexts: [CaseHistory.Apart]

    /// Of a history with at least one run.
    public init(_ history: CaseHistory, metric: RunMetric) {
        self.metric = metric
        experiment = history.entries.last?.row.experiment ?? ""
        variant = history.entries.last?.row.variant ?? ""
        caseHash = history.caseHash
        contextHash = history.contextHash
        otherCases = history.otherCases
        otherContexts = history.otherContexts
        let named = history.entries.filter { $0.row.gitRevision != nil }
        runsWithoutRevision = history.entries.count - named.count
        let known = named.filter { metric.value(of: $0.row) != nil }
        runsWithoutValue = named.count - known.count
        revisions = Self.revisions(known, metric)
        let places = Set(WildValues.places(in: revisions.map(\.median)))
        wild = places.sorted().map { [revisions] in revisions[$0].revision }
        let tame = revisions.indices.filter { !places.contains($0) }
        changes = Self.changes(tame.map { [revisions] in revisions[$0] }, metric)
    }

    private static func revisions(
        _ entries: [CaseHistory.Entry], _ metric: RunMetric
    ) -> [Revision] {
        var order: [String] = []
        var groups: [String: [CaseHistory.Entry]] = [:]
        for entry in entries {
            guard let revision = entry.row.gitRevision else { continue }
            if groups[revision] == nil { order.append(revision) }
            groups[revision, default: []].append(entry)
        }
        return order.compactMap { revision in
            let group = groups[revision] ?? []
            let values = group.compactMap { metric.value(of: $0.row) }
            guard let median = Quantiles.median(values), let least = values.min(),
                let greatest = values.max(), let first = group.first
            else { return nil }
            return Revision(
                revision: revision, firstRunAt: first.createdAt, runs: values.count,
                median: median, least: least, greatest: greatest)
        }
    }

    private static func changes(_ revisions: [Revision], _ metric: RunMetric) -> [Change] {
        let medians = revisions.map(\.median)
        let points = ChangePoints.changes(in: medians)
        let bounds = [0] + points.map(\.place) + [medians.count]
        return points.enumerated().compactMap { index, point in
            guard let before = Quantiles.median(Array(medians[bounds[index]..<point.place])),
                let after = Quantiles.median(Array(medians[point.place..<bounds[index + 2]]))
            else { return nil }
            return Change(
                revision: revisions[point.place].revision, before: before, after: after,
                percent: before == 0 ? nil : 100 * (after - before) / before.magnitude,
                p: point.p, isBetter: (after > before) == metric.isBetterGreater)
        }
    }

    /// The change that begins at a revision, if there is one.
    func change(at revision: String) -> Change? { changes.first { $0.revision == revision } }
}
