public import RunStore

/// Prints a comparison.
public enum ComparisonTable {
    /// The rows in a format, with a final line end.
    ///
    /// - Parameter width: columns of the terminal. A table that needs more is set with the method's
    ///   options left out, then as tables of fewer names: speed, learning, and faults where there
    ///   were any. `nil`: as wide as it needs.
    /// - Parameter differingContext: keys in which the machines of the runs differ, for a note.
    /// - Parameter choice: which columns, and in which order rows stand.
    /// - Throws: `ColumnError` for a column that is not there.
    public static func render(
        _ rows: [ComparisonRow], format: OutputFormat, width: Int?,
        differingContext: [String] = [], choice: ColumnChoice
    ) throws(ColumnError) -> String {
        let rows = try choice.sorted(rows, ComparisonColumns.all)
        if let columns = try choice.chosen(ComparisonColumns.all) {
            let table = ColumnTable.render(rows, columns, format: format)
            return table + below(contextNote(differingContext), format)
        }
        return render(rows, format: format, width: width, differingContext: differingContext)
    }

    /// The note that runs were made in different surroundings; `nil` when these are the same. JSON
    /// and CSV have no place for it: who prints them says it elsewhere.
    public static func contextNote(_ differingKeys: [String]) -> String? {
        guard let first = differingKeys.first else { return nil }
        let differ = differingKeys == [first] ? "differs" : "differ"
        return TextSheet.plain(
            "These runs are not from the same surroundings: "
                + "\(differingKeys.joined(separator: ", ")) \(differ). "
                + "Hold their times against each other with care.")
    }

    /// A note under chosen columns.
    private static func below(_ note: String?, _ format: OutputFormat) -> String {
        switch format {
        case .json, .csv: ""
        case .table: note.map { "\n\($0)\n" } ?? ""
        case .markdown: note.map { "\n- \($0)\n" } ?? ""
        }
    }

    /// The rows in a format with the usual columns, in the order given.
    public static func render(
        _ rows: [ComparisonRow], format: OutputFormat, width: Int?,
        differingContext: [String] = []
    ) -> String {
        let lines = noteLines(rows) + [contextNote(differingContext)].compactMap(\.self)
        switch format {
        case .json: return JSONText.render(rows)
        case .csv: return csv(rows)
        case .table:
            let notes = lines.map { $0 + "\n" }.joined()
            return ([facts(rows)] + tables(rows, width: width) + [notes]).joined(separator: "\n")
        case .markdown:
            let sheet = ComparisonSheet.full(rows, longMethod: true).markdown()
            let notes = lines.map { "- \($0)\n" }.joined()
            return [facts(rows), sheet, notes].joined(separator: "\n")
        }
    }

    private static func tables(_ rows: [ComparisonRow], width: Int?) -> [String] {
        let single = ComparisonSheet.full(rows, longMethod: true)
        guard let width, single.width > width else { return [single.text()] }
        let short = ComparisonSheet.full(rows, longMethod: false)
        if short.width <= width { return [short.text()] }
        let parts = { longMethod in
            [
                ComparisonSheet.speed(rows, longMethod: longMethod),
                ComparisonSheet.learning(rows, longMethod: longMethod),
                ComparisonSheet.faults(rows, longMethod: longMethod),
            ].compactMap(\.self)
        }
        let long = parts(true)
        let fits = long.allSatisfy { $0.width <= width }
        if fits { return long.map { $0.text() } }
        let dropped = ["method", "topology", "run"]
        return parts(false).map { $0.fitting(width, dropping: dropped).text() }
    }

    /// One line of what all rows share.
    private static func facts(_ rows: [ComparisonRow]) -> String {
        var parts: [String] = []
        if let workers = ComparisonSheet.shared(rows.map(\.workers)) {
            parts.append(workers == 1 ? "1 worker" : "\(workers) workers")
        }
        if let parameters = ComparisonSheet.shared(rows.compactMap(\.parameters)) {
            parts.append("\(Figures.grouped(parameters)) parameters")
        }
        if let steps = ComparisonSheet.shared(rows.compactMap(\.steps)) {
            parts.append("\(Figures.grouped(steps)) steps")
        }
        if let seed = ComparisonSheet.shared(rows.map(\.seed)) { parts.append("seed \(seed)") }
        if let link = ComparisonSheet.shared(rows.map(\.link)) {
            parts.append(link.map { "link \($0)" } ?? "bare machine")
        }
        let name = ComparisonSheet.shared(rows.map(\.experiment)) ?? "several experiments"
        return TextSheet.plain("\(name): \(parts.joined(separator: ", "))") + "\n"
    }

    /// What the table cannot say in a cell: the baseline and why figures are missing.
    private static func noteLines(_ rows: [ComparisonRow]) -> [String] {
        var lines = [
            "Step and phases: milliseconds, medians over steps and workers. Sent: per worker and "
                + "step. Loss: training, mean of the last tenth of the steps."
        ]
        if rows.contains(where: { ($0.stepMilliseconds.hidden ?? 0) > 0 }) {
            lines.append(
                "Exchange and wait: what of them the step had to stand still for. Hidden: the rest, "
                    + "behind compute.")
        }
        if rows.contains(where: { $0.faults != nil }) {
            lines.append(
                "Detect and recover: means over recoveries. Redone: steps done again. Lost: samples "
                    + "whose gradients were lost. Loss bump: mean loss of 10 steps after less 10 before, "
                    + "the greatest.")
        }
        if let baseline = ComparisonSheet.shared(rows.map(\.baseline)), let baseline {
            lines.append("Speed-up is against \(baseline).")
        }
        lines += judgementLines(rows)
        for row in rows where row.status != .completed || row.failure != nil {
            let state = row.status == .completed ? "" : " \(row.status.rawValue)"
            let words = row.failure.map { ": \($0)" } ?? ""
            lines.append("\(row.variant) (run \(row.run), seed \(row.seed))\(state)\(words)")
        }
        return lines.map(TextSheet.plain)
    }

    private static func judgementLines(_ rows: [ComparisonRow]) -> [String] {
        var lines: [String] = []
        if rows.contains(where: { $0.breakEven != nil }) {
            lines.append(
                "Pays below: link speed below which it is faster than the dense run of the same "
                    + "topology, by measured encode, decode and bytes.")
        }
        if rows.contains(where: \.isUnproven) {
            lines.append(
                "?: unproven, for want of a dense run on the same topology, link and machine.")
        }
        if rows.contains(where: { $0.isParetoOptimal == true }) && rows.count > 1 {
            lines.append("*: no other row is as good in seconds, bytes and loss.")
        }
        return lines
    }

    /// A header of the JSON's names, nested ones joined with a dot, and one record per row.
    static func csv(_ rows: [ComparisonRow]) -> String {
        ColumnTable.csv(rows, ComparisonColumns.all)
    }
}
