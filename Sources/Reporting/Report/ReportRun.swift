import RunStore

/// A run as a report shows it.
struct ReportRun: Equatable, Sendable {
    /// Its line of the comparison.
    var row: ComparisonRow
    /// Everything but its steps.
    var detail: RunDetail
    /// Its steps, thinned.
    var curve: RunCurve

    /// Whether its times and bytes count: it did what was asked of it.
    var isTimed: Bool { row.samplesPerSecond != nil }

    /// Whether what it learnt counts: its loss stayed finite, too.
    var isLearned: Bool { isTimed && row.failure == nil }

    /// How it stands, in one word; `nil` for one that counts.
    var trouble: String? {
        if isLearned { return nil }
        return row.status == .completed && row.failure != nil ? "diverged" : row.status.rawValue
    }
}
