public import RunStore

/// Prints the list of baselines.
public enum BaselineTable {
    /// The baselines in a format, with a final line end.
    ///
    /// - Parameter width: columns of the terminal; `nil`: as wide as it needs.
    public static func render(
        _ baselines: [Baseline], format: OutputFormat, width: Int?
    ) -> String {
        switch format {
        case .json: return JSONText.render(baselines)
        case .csv:
            let lines = [titles] + baselines.map(cells)
            return lines.map { CommaSeparated.line($0) }.joined()
        case .table, .markdown:
            guard !baselines.isEmpty else { return "no baselines\n" }
            if format == .markdown { return sheet(baselines).escapedForMarkdown().markdown() }
            return sheet(baselines).fitting(width, dropping: ["note", "revisions", "set at"]).text()
        }
    }

    private static let titles = ["baseline", "runs", "experiments", "revisions", "set at", "note"]

    private static func cells(_ one: Baseline) -> [String] {
        [
            one.name, spans(one.runs), one.experiments.joined(separator: " "),
            one.revisions.joined(separator: " "), RunsTable.wholeSeconds(one.createdAt),
            one.note ?? "",
        ]
    }

    private static func sheet(_ baselines: [Baseline]) -> TextSheet {
        let rows = baselines.map(cells)
        var sheet = TextSheet(rowCount: rows.count)
        for (column, title) in titles.enumerated() {
            sheet.add(.words(title), rows.map { $0[column] })
        }
        return sheet
    }

    /// Numbers in short, as in `3,5,7-9`.
    static func spans(_ runs: [Int64]) -> String {
        var spans: [(first: Int64, last: Int64)] = []
        for run in runs.sorted() {
            if let last = spans.last, last.last &+ 1 == run {
                spans[spans.count - 1].last = run
            } else {
                spans.append((run, run))
            }
        }
        return spans.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
            .joined(separator: ",")
    }
}
