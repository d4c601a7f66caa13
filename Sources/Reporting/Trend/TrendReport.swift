import Charts
import RunStore

/// Prints a trend.
public enum TrendReport {
    /// In a format, with a final line end.
    ///
    /// - Parameter width: columns of the terminal; `nil` for 80.
    public static func render(_ trend: Trend, format: OutputFormat, width: Int?) -> String {
        switch format {
        case .json: return JSONText.render(trend)
        case .csv: return csv(trend)
        case .markdown:
            let notes = notes(trend).map { "- \($0)\n" }.joined()
            return [facts(trend), sheet(trend).markdown(), notes].joined(separator: "\n")
        case .table:
            let notes = notes(trend).map { $0 + "\n" }.joined()
            let sheet = sheet(trend).fitting(width, dropping: ["greatest", "least", "first run"])
            let picture =
                trend.revisions.count > 1 ? [chart(trend).text(width: width ?? 80, height: 8)] : []
            return ([facts(trend)] + picture + [sheet.text(), notes]).joined(separator: "\n")
        }
    }

    private static func facts(_ trend: Trend) -> String {
        let names = "\(trend.experiment) \(trend.variant)"
        let hashes = "case \(short(trend.caseHash)), context \(short(trend.contextHash))"
        return TextSheet.plain("\(trend.metric.rawValue) of \(names), \(hashes)") + "\n"
    }

    /// Enough of a hash to name it with.
    private static func short(_ hash: String) -> String { String(hash.prefix(12)) }

    private static func chart(_ trend: Trend) -> Chart {
        let medians = trend.revisions.enumerated().map { Point(Double($0 + 1), $1.median) }
        var series = [Series("median of a revision's runs", medians, look: 0)]
        if !trend.changes.isEmpty {
            series.append(Series("level between changes", levels(trend), style: .step, look: 1))
        }
        return Chart(
            trend.metric.rawValue, x: Axis("revision, by its first run"),
            y: Axis(trend.metric.rawValue), series: series)
    }

    private static func levels(_ trend: Trend) -> [Point] {
        var level = trend.changes.first?.before ?? 0
        return trend.revisions.enumerated().map { index, revision in
            level = trend.change(at: revision.revision)?.after ?? level
            return Point(Double(index + 1), level)
        }
    }

    private static func sheet(_ trend: Trend) -> TextSheet {
        let rows = trend.revisions
        let changes = rows.map { trend.change(at: $0.revision) }
        var sheet = TextSheet(rowCount: rows.count)
        sheet.add(.figures("#"), rows.indices.map { "\($0 + 1)" })
        sheet.add(.words("revision"), rows.map(\.revision))
        sheet.add(.words("first run"), rows.map { RunsTable.wholeSeconds($0.firstRunAt) })
        sheet.add(.figures("runs"), rows.map { "\($0.runs)" })
        sheet.add(.figures("median"), rows.map { value($0.median, trend.metric) })
        sheet.add(.figures("least"), rows.map { value($0.least, trend.metric) })
        sheet.add(.figures("greatest"), rows.map { value($0.greatest, trend.metric) })
        sheet.add(
            .figures("change"), changes.map { $0.map { Figures.percent($0.percent) } ?? "" })
        sheet.add(.figures("p"), changes.map { $0.map { Figures.probability($0.p) } ?? "" })
        return sheet
    }

    private static func value(_ value: Double, _ metric: RunMetric) -> String {
        switch metric {
        case .finalLoss, .finalAccuracy: Figures.fixed(value, decimals: 4)
        case .bytes, .serverBytes, .bytesToTarget: Figures.fixed(value, decimals: 0)
        default: Figures.short(value)
        }
    }

    private static func notes(_ trend: Trend) -> [String] {
        var lines = trend.changes.map { change in
            let size = Figures.percent(change.percent)
            let levels = [change.before, change.after].map { value($0, trend.metric) }
            let verdict = change.isBetter ? "better" : "worse"
            return "Change at \(change.revision): \(levels.joined(separator: " to ")), \(size), "
                + "\(verdict), p = \(Figures.probability(change.p))."
        }
        if lines.isEmpty {
            let count = trend.revisions.count
            let enough = count >= Trend.fewestRevisions
            lines.append(
                enough
                    ? "No change in \(count) revisions."
                    : "\(count) of the \(Trend.fewestRevisions) revisions without which no change can "
                        + "be found.")
        }
        return (lines + apart(trend)).map(TextSheet.plain)
    }

    private static func apart(_ trend: Trend) -> [String] {
        var lines: [String] = []
        for other in trend.otherContexts {
            let keys = other.differingKeys.joined(separator: ", ")
            lines.append(
                "Not joined: \(runs(other.runs)) of context \(short(other.hash)), which differs in "
                    + "\(keys); see them with --context \(short(other.hash)).")
        }
        for other in trend.otherCases {
            let name = short(other.hash)
            lines.append(
                "Not joined: \(runs(other.runs)) of the variant that asked for something else; see "
                    + "them with --case \(name).")
        }
        if !trend.wild.isEmpty {
            lines.append(
                "Far off the revisions around them, and not asked for changes: "
                    + "\(trend.wild.joined(separator: ", ")).")
        }
        if trend.runsWithoutRevision > 0 {
            lines.append("Left out: \(runs(trend.runsWithoutRevision)) without a git revision.")
        }
        if trend.runsWithoutValue > 0 {
            lines.append("Left out: \(runs(trend.runsWithoutValue)) without this figure.")
        }
        return lines
    }

    private static func runs(_ count: Int) -> String { count == 1 ? "1 run" : "\(count) runs" }

    private static func csv(_ trend: Trend) -> String {
        let header = [
            "revision", "firstRunAt", "runs", "median", "least", "greatest", "changePercent", "p",
        ]
        return CommaSeparated.line(header)
            + trend.revisions.map { row in
                let change = trend.change(at: row.revision)
                return CommaSeparated.line([
                    row.revision, row.firstRunAt, "\(row.runs)", row.median.description,
                    row.least.description, row.greatest.description,
                    CommaSeparated.value(change?.percent), CommaSeparated.value(change?.p),
                ])
            }.joined()
    }
}
