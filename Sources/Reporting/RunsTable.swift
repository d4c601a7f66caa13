public import RunStore

/// Prints the list of runs.
public enum RunsTable {
    /// The runs in a format, with a final line end.
    ///
    /// - Parameter width: columns of the terminal; columns that do not fit are left out, the least
    ///   telling first. `nil`: as wide as it needs.
    /// - Parameter choice: which columns, and in which order runs stand.
    /// - Throws: `ColumnError` for a column that is not there.
    public static func render(
        _ runs: [RunListing], format: OutputFormat, width: Int?, choice: ColumnChoice
    ) throws(ColumnError) -> String {
        let runs = try choice.sorted(runs, RunColumns.all)
        if let columns = try choice.chosen(RunColumns.all) {
            return ColumnTable.render(runs, columns, format: format)
        }
        return render(runs, format: format, width: width)
    }

    /// The runs in a format with the usual columns, in the order given.
    public static func render(_ runs: [RunListing], format: OutputFormat, width: Int?) -> String {
        switch format {
        case .json: return JSONText.render(runs)
        case .csv: return ColumnTable.csv(runs, RunColumns.all)
        case .markdown: return runs.isEmpty ? "no runs\n" : sheet(runs).markdown()
        case .table:
            guard !runs.isEmpty else { return "no runs\n" }
            let dropped = ["dataset", "workers", "topology", "steps", "seconds", "model", "method"]
            let failures = runs.compactMap { run in
                run.failure.map { "run \(run.run) \(run.status.rawValue): \($0)" }
            }
            let text = sheet(runs).fitting(width, dropping: dropped).text()
            guard !failures.isEmpty else { return text }
            return text + "\n" + failures.map { TextSheet.plain($0) + "\n" }.joined()
        }
    }

    private static func sheet(_ runs: [RunListing]) -> TextSheet {
        var sheet = TextSheet(rowCount: runs.count)
        sheet.add(.figures("run"), runs.map { String($0.run) })
        sheet.add(.words("experiment"), runs.map(\.experiment))
        sheet.add(.words("variant"), runs.map(\.variant))
        sheet.add(.figures("seed"), runs.map { String($0.seed) })
        sheet.add(.words("status"), runs.map(\.status.rawValue))
        sheet.add(.words("topology"), runs.map(\.topology))
        sheet.add(.words("method"), runs.map(\.method))
        sheet.add(.figures("workers"), runs.map { String($0.workers) })
        sheet.add(.words("model"), runs.map(\.model))
        sheet.add(.words("dataset"), runs.map(\.dataset))
        sheet.add(.figures("steps"), runs.map { $0.steps.map(String.init) ?? Figures.unknown })
        sheet.add(.figures("seconds"), runs.map { Figures.short($0.seconds) })
        sheet.add(.words("queued at"), runs.map { wholeSeconds($0.createdAt) })
        return sheet
    }

    /// A timestamp without its milliseconds.
    static func wholeSeconds(_ timestamp: String) -> String {
        guard let point = timestamp.lastIndex(of: "."), timestamp.hasSuffix("Z") else {
            return timestamp
        }
        return timestamp[..<point] + "Z"
    }
}
