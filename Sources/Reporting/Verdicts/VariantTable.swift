import RunStore

/// Prints variants over seeds.
public enum VariantTable {
    /// In a format, with a final line end.
    ///
    /// - Parameter width: columns of the terminal; `nil`: as wide as it needs.
    /// - Parameter differingContext: keys in which the machines of the runs differ, for a note.
    /// - Throws: `ColumnError` for a column that is not there.
    public static func render(
        _ comparison: VariantComparison, format: OutputFormat, width: Int?,
        differingContext: [String] = [], choice: ColumnChoice
    ) throws(ColumnError) -> String {
        let rows = try choice.sorted(comparison.rows, VariantColumns.all)
        if let columns = try choice.chosen(VariantColumns.all) {
            return ColumnTable.render(rows, columns, format: format)
        }
        let notes = notes(rows, comparison, differingContext).map(TextSheet.plain)
        switch format {
        case .json: return JSONText.render(rows)
        case .csv: return ColumnTable.csv(rows, VariantColumns.all)
        case .markdown:
            let lines = notes.map { "- \($0)\n" }.joined()
            return [facts(rows), sheet(rows).markdown(), lines].joined(separator: "\n")
        case .table:
            let sheet = sheet(rows).fitting(
                width, dropping: ["method", "topology", "accuracy", "sent", "least p", "range"])
            let lines = notes.map { $0 + "\n" }.joined()
            return [facts(rows), sheet.text(), lines].joined(separator: "\n")
        }
    }

    private static func facts(_ rows: [VariantRow]) -> String {
        let name = ComparisonSheet.shared(rows.map(\.experiment)) ?? "several experiments"
        var parts = ["variants over seeds"]
        if let workers = ComparisonSheet.shared(rows.map(\.workers)) {
            parts.append(workers == 1 ? "1 worker" : "\(workers) workers")
        }
        if let link = ComparisonSheet.shared(rows.map(\.link)) {
            parts.append(link.map { "link \($0)" } ?? "bare machine")
        }
        return TextSheet.plain("\(name): \(parts.joined(separator: ", "))") + "\n"
    }

    private static func sheet(_ rows: [VariantRow]) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        if ComparisonSheet.shared(rows.map(\.experiment)) == nil {
            sheet.add(.words("experiment"), rows.map(\.experiment))
        }
        sheet.add(.words("variant"), rows.map(\.variant))
        sheet.add(.words("topology"), rows.map(\.topology))
        sheet.add(.words("method"), rows.map(\.method))
        if ComparisonSheet.shared(rows.map(\.workers)) == nil {
            sheet.add(.figures("workers"), rows.map { "\($0.workers)" })
        }
        if ComparisonSheet.shared(rows.map(\.link)) == nil {
            sheet.add(.words("link"), rows.map { $0.link ?? Figures.unknown })
        }
        sheet.add(.figures("runs"), rows.map { "\($0.runs)" })
        addSpeed(rows, to: &sheet)
        sheet.add(.figures("sent"), rows.map { Figures.bytes($0.bytesSentPerWorkerStep) })
        sheet.add(.figures("loss"), rows.map { Figures.fixed($0.finalLoss, decimals: 4) })
        sheet.add(.figures("accuracy"), rows.map { Figures.fixed($0.finalAccuracy, decimals: 4) })
        return sheet
    }

    private static func addSpeed(_ rows: [VariantRow], to sheet: inout TextSheet) {
        sheet.add(.figures("step"), rows.map { Figures.short($0.stepMilliseconds) })
        sheet.add(
            .figures("range"),
            rows.map { row in
                span(row.leastStepMilliseconds, row.greatestStepMilliseconds, Figures.short)
            })
        sheet.add(
            .figures("speed-up"),
            rows.map { $0.isBaseline ? "baseline" : Figures.times($0.speedup) })
        sheet.add(
            .figures("95 %"), rows.map { span($0.speedupLower, $0.speedupUpper, Figures.times) })
        sheet.add(.figures("p"), rows.map { Figures.probability($0.adjustedP) })
        sheet.add(.figures("least p"), rows.map { Figures.probability($0.smallestP) })
        sheet.add(.words("test"), rows.map { $0.test ?? Figures.unknown })
        sheet.add(.words("verdict"), rows.map { $0.verdict?.rawValue ?? Figures.unknown })
    }

    private static func span(
        _ lower: Double?, _ upper: Double?, _ text: (Double?) -> String
    ) -> String {
        guard let lower, let upper else { return Figures.unknown }
        return "\(text(lower)) to \(text(upper))"
    }

    private static func notes(
        _ rows: [VariantRow], _ comparison: VariantComparison, _ differing: [String]
    ) -> [String] {
        var lines = [
            "Step: milliseconds, median over runs of a run's median; range: least to greatest run. "
                + "Sent, loss, accuracy: medians over runs."
        ]
        if let baseline = ComparisonSheet.shared(rows.map(\.baseline)), let baseline {
            lines.append(
                "Speed-up: \(baseline)'s median step time per sample over the variant's, with its 95 "
                    + "% bootstrap interval. p: two-sided, after Holm's correction over the table; "
                    + "least p: what so few runs could reach before it.")
        } else if rows.allSatisfy({ $0.baseline == nil }) {
            lines.append("No verdict: there is no dense variant; name another with --baseline.")
        }
        if rows.contains(where: { $0.verdict == .sameWithinNoise || $0.verdict == .cannotTell }) {
            let noise = Figures.fixed(100 * comparison.noise, decimals: 1)
            lines.append(
                "Same within noise: the interval lies within \(noise) % of 1 (--noise). Cannot tell: "
                    + "it does not, or there are too few runs; add seeds.")
        }
        return lines + exceptions(rows, comparison, differing)
    }

    private static func exceptions(
        _ rows: [VariantRow], _ comparison: VariantComparison, _ differing: [String]
    ) -> [String] {
        var lines: [String] = []
        for row in rows where row.otherRuns > 0 {
            lines.append(
                "\(row.variant): \(row.otherRuns) more runs that did not complete are left out.")
        }
        for run in comparison.strangers {
            lines.append(
                "\(run.variant): run \(run.run) asked for something else than its newest run, and is "
                    + "left out.")
        }
        if !differing.isEmpty {
            lines.append(
                "These runs are not from the same surroundings: "
                    + "\(differing.joined(separator: ", ")) differ. Where they do, nothing can be told."
            )
        }
        return lines
    }
}
