import RunStore

/// What was asked of all runs, how they stand, and the comparison of variants.
enum OverviewSection {
    /// One line of what all runs share.
    static func lead(_ data: ReportData) -> String {
        let rows = data.runs.map(\.row)
        let asked = data.runs.map(\.detail.description)
        var parts: [String] = []
        if let model = ComparisonSheet.shared(asked.map(\.model)) { parts.append(model) }
        if let dataset = ComparisonSheet.shared(asked.map(\.dataset)) {
            parts.append("on \(dataset)")
        }
        var facts = [parts.joined(separator: " ")].filter { !$0.isEmpty }
        if let count = ComparisonSheet.shared(rows.compactMap(\.parameters)) {
            facts.append("\(Figures.grouped(count)) parameters")
        }
        if let workers = ComparisonSheet.shared(rows.map(\.workers)) {
            facts.append(workers == 1 ? "1 worker" : "\(workers) workers")
        }
        if let batch = ComparisonSheet.shared(asked.map(\.batch)) {
            facts.append("batch \(batch) each")
        }
        if let steps = ComparisonSheet.shared(rows.compactMap(\.steps)) {
            facts.append("\(Figures.grouped(steps)) steps")
        }
        if let link = ComparisonSheet.shared(rows.map(\.link)) {
            facts.append(link.map { "emulated link \($0)" } ?? "bare machine")
        }
        return facts.joined(separator: ", ")
    }

    /// How many variants and runs there are, and how they stand.
    static func standing(_ data: ReportData) -> String {
        let runs = data.runs
        let words = RunStatus.allCases.compactMap { status -> String? in
            let count = runs.filter { $0.row.status == status }.count
            return count > 0 ? "\(count) \(status.rawValue)" : nil
        }
        let variants = data.variants.count == 1 ? "1 variant" : "\(data.variants.count) variants"
        let count = runs.count == 1 ? "1 run" : "\(runs.count) runs"
        var text = "\(variants), \(count): \(words.joined(separator: ", "))."
        let moments = runs.compactMap { $0.detail.finishedAt ?? $0.detail.startedAt }
        if let latest = moments.max() {
            text += " The latest record is of \(RunsTable.wholeSeconds(latest))."
        }
        return text
    }

    /// Runs that do not count, each with why.
    static func alarms(_ data: ReportData) -> [String] {
        data.runs.compactMap { run in
            guard let trouble = run.trouble else { return nil }
            let row = run.row
            let name = "\(row.variant), seed \(row.seed), run \(row.run)"
            return "\(name): \(row.failure ?? trouble)"
        }
    }

    /// The comparison.
    static func html(_ data: ReportData) -> String {
        let sheet = ComparedVariants.sheet(data.variants)
        return ReportMarkup.table(sheet, name: "Comparison")
            + ReportMarkup.list(ComparedVariants.notes(data), classes: "notes")
    }
}
