public import RunStore

/// Prints what a calibration found.
public enum NoiseTable {
    /// One figure of one variant.
    public struct Entry: Codable, Equatable, Sendable {
        /// Name of the experiment.
        public var experiment: String
        /// Name of the variant.
        public var variant: String
        /// What was found.
        public var row: NoiseRow

        /// Memberwise.
        public init(experiment: String, variant: String, row: NoiseRow) {
            self.experiment = experiment
            self.variant = variant
            self.row = row
        }
    }

    /// The entries in a format, with a final line end.
    ///
    /// - Parameter width: columns of the terminal; `nil`: as wide as it needs.
    public static func render(_ entries: [Entry], format: OutputFormat, width: Int?) -> String {
        switch format {
        case .json: return JSONText.render(entries)
        case .csv:
            let titles = ["experiment", "variant", "figure", "floor", "pairs", "case", "context"]
            let lines = entries.map { entry in
                [
                    entry.experiment, entry.variant, entry.row.metric, "\(entry.row.floor)",
                    "\(entry.row.pairs)", entry.row.caseHash, entry.row.contextHash,
                ]
            }
            return ([titles] + lines).map { CommaSeparated.line($0) }.joined()
        case .markdown: return sheet(entries).escapedForMarkdown().markdown()
        case .table: return sheet(entries).fitting(width, dropping: ["experiment"]).text()
        }
    }

    private static func sheet(_ entries: [Entry]) -> TextSheet {
        var sheet = TextSheet(rowCount: entries.count)
        sheet.add(.words("experiment"), entries.map(\.experiment))
        sheet.add(.words("variant"), entries.map(\.variant))
        sheet.add(.words("figure"), entries.map(\.row.metric))
        sheet.add(
            .figures("noise floor"),
            entries.map { Figures.fixed(100 * $0.row.floor, decimals: 2) + " %" })
        sheet.add(.figures("pairs"), entries.map { String($0.row.pairs) })
        return sheet
    }
}
