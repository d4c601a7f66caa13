/// Prints advice.
public enum AdviceTable {
    /// The rows, quickest first, in a format, with a final line end.
    ///
    /// - Parameters:
    ///   - facts: what was asked, a line above the table.
    ///   - notes: what is assumed, lines below it.
    ///   - width: columns of the terminal; `nil`: as wide as it needs.
    public static func render(
        _ rows: [AdviceRow], facts: String, notes: [String], format: OutputFormat, width: Int?
    ) -> String {
        switch format {
        case .json: return JSONText.render(rows)
        case .csv: return ColumnTable.csv(rows, columns)
        case .markdown:
            let lines = notes.map { "- \($0)\n" }.joined()
            return [facts + "\n", sheet(rows).markdown(), lines].joined(separator: "\n")
        case .table:
            let sheet = sheet(rows).fitting(
                width, dropping: ["update", "server", "encode", "decode", "samples/s"])
            let lines = notes.map { $0 + "\n" }.joined()
            return [facts + "\n", sheet.text(), lines].joined(separator: "\n")
        }
    }

    /// The rows with ranks and speed-ups, quickest first; equal ones in the order given.
    public static func ranked(_ rows: [AdviceRow]) -> [AdviceRow] {
        let dense = rows.filter { $0.method == "dense" }.map(\.samplesPerSecond).max()
        let sorted = rows.enumerated().sorted {
            ($0.element.stepMilliseconds, $0.offset) < ($1.element.stepMilliseconds, $1.offset)
        }
        return sorted.enumerated().map { place, row in
            var row = row.element
            row.rank = place + 1
            row.speedup = dense.map { row.samplesPerSecond / $0 }
            return row
        }
    }

    private static func sheet(_ rows: [AdviceRow]) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        sheet.add(.figures("#"), rows.map { "\($0.rank)" })
        sheet.add(.words("method"), rows.map(\.method))
        sheet.add(.words("topology"), rows.map(\.topology))
        sheet.add(.figures("step"), rows.map { Figures.short($0.stepMilliseconds) })
        sheet.add(.figures("samples/s"), rows.map { Figures.short($0.samplesPerSecond) })
        sheet.add(.figures("speed-up"), rows.map { Figures.times($0.speedup) })
        sheet.add(.figures("compute"), rows.map { Figures.short($0.computeMilliseconds) })
        sheet.add(.figures("encode"), rows.map { Figures.short($0.encodeMilliseconds) })
        sheet.add(
            .figures("exchange"),
            rows.map { Figures.short($0.exchangeMilliseconds) + ($0.isSimulated ? "" : "~") })
        sheet.add(.figures("decode"), rows.map { Figures.short($0.decodeMilliseconds) })
        sheet.add(.figures("update"), rows.map { Figures.short($0.updateMilliseconds) })
        sheet.add(.figures("sent"), rows.map { Figures.bytes($0.bytesSentPerWorkerStep) })
        sheet.add(.figures("server"), rows.map { Figures.bytes($0.serverBytesPerStep) })
        sheet.add(.words("past runs"), rows.map(past))
        return sheet
    }

    private static func past(_ row: AdviceRow) -> String {
        guard let error = row.pastError, let ratio = row.pastRatio else { return "no past runs" }
        let runs = row.pastRuns == 1 ? "1 run" : "\(row.pastRuns) runs"
        let off = Figures.fixed(100 * error, decimals: 0)
        return "\(off) % off, \(Figures.times(ratio)), \(runs)"
    }

    private static let columns: [RowColumn<AdviceRow>] = [
        .count("rank") { $0.rank }, .words("topology") { $0.topology },
        .words("method") { $0.method }, .words("options") { $0.options },
        .real(.figure, "stepMilliseconds") { $0.stepMilliseconds },
        .real(.figure, "samplesPerSecond") { $0.samplesPerSecond },
        .real(.ratio, "speedup") { $0.speedup },
        .real(.figure, "computeMilliseconds") { $0.computeMilliseconds },
        .real(.figure, "encodeMilliseconds") { $0.encodeMilliseconds },
        .real(.figure, "exchangeMilliseconds") { $0.exchangeMilliseconds },
        .real(.figure, "decodeMilliseconds") { $0.decodeMilliseconds },
        .real(.figure, "updateMilliseconds") { $0.updateMilliseconds },
        .real(.bytes, "bytesSentPerWorkerStep") { $0.bytesSentPerWorkerStep },
        .real(.bytes, "serverBytesPerStep") { $0.serverBytesPerStep },
        .flag("isSimulated") { $0.isSimulated }, .count("pastRuns") { $0.pastRuns },
        .real(.ratio, "pastError") { $0.pastError }, .real(.ratio, "pastRatio") { $0.pastRatio },
    ]
}
