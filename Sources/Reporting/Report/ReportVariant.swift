import RunStore

/// The runs of one variant, one for each seed.
struct ReportVariant: Equatable, Sendable {
    /// Its name.
    var name: String
    /// Which colour, dash and mark it has in every figure.
    var look: Int
    /// By seed.
    var runs: [ReportRun]

    /// The runs whose times and bytes count.
    var timed: [ReportRun] { runs.filter(\.isTimed) }
    /// The runs whose loss counts, too.
    var learned: [ReportRun] { runs.filter(\.isLearned) }
    /// The others, which are shown one by one.
    var troubled: [ReportRun] { runs.filter { !$0.isLearned } }

    /// The first run, for what all of them share.
    var first: ComparisonRow? { runs.first?.row }

    /// The median of a figure over the seeds whose times count.
    func timedMedian(_ figure: (ComparisonRow) -> Double?) -> Double? {
        Self.median(timed.compactMap { figure($0.row) })
    }

    /// The median of a figure over the seeds whose loss counts.
    func learnedMedian(_ figure: (ComparisonRow) -> Double?) -> Double? {
        Self.median(learned.compactMap { figure($0.row) })
    }

    /// How its runs stand, such as `3 seeds` or `2 of 3 seeds, 1 failed`.
    var standing: String {
        let troubles = Dictionary(grouping: troubled, by: { $0.trouble ?? "" })
        let words = troubles.sorted { $0.key < $1.key }.map { "\($0.value.count) \($0.key)" }
        let seeds = runs.count == 1 ? "1 seed" : "\(runs.count) seeds"
        guard !words.isEmpty else { return seeds }
        if runs.count == 1 { return troubled.first?.trouble ?? seeds }
        let counted = learned.isEmpty ? seeds : "\(learned.count) of \(seeds)"
        return ([counted] + words).joined(separator: ", ")
    }

    /// The name, with the number of seeds where there are several that count.
    var title: String {
        learned.count > 1 ? "\(name) (\(learned.count) seeds)" : name
    }

    /// The name of one run that does not count.
    func title(of run: ReportRun) -> String {
        let seed = runs.count > 1 ? " seed \(run.row.seed)" : ""
        return "\(name)\(seed): \(run.trouble ?? "")"
    }

    /// The middle value, or the mean of the two middle ones; `nil` of none.
    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1
            ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
