import Charts
public import RunStore

/// Prints what was observed of a run.
public enum ObservationReport {
    /// The observations in a format, with a final line end. Table and Markdown begin with the run and
    /// what the observations say; the table ends with a plot where there is a curve to draw.
    ///
    /// - Parameter width: columns of the terminal; `nil` for as many as needed.
    public static func render(_ run: RunDetail, format: OutputFormat, width: Int?) -> String {
        let rows = run.observations
        let title = title(of: run)
        let words = ObservationWords.sentences(rows)
        switch format {
        case .json: return JSONText.render(rows)
        case .csv: return ColumnTable.csv(rows, ObservationColumns.all)
        case .table:
            let sheet = ObservationSheet.make(rows)
                .fitting(width, dropping: ObservationSheet.dispensable)
            let parts = [title + "\n", words.map { $0 + "\n" }.joined(), sheet.text()]
            return (parts + [plot(rows, width: width)].compactMap(\.self)).joined(separator: "\n")
        case .markdown:
            let list = words.map { "- \($0)\n" }.joined()
            return ["## \(title)\n", list, ObservationSheet.make(rows).markdown() + "\n"]
                .joined(separator: "\n")
        }
    }

    private static func title(of run: RunDetail) -> String {
        let row = run.summary
        return TextSheet.plain(
            "run \(row.run): \(row.experiment), \(row.variant), seed \(row.seed), "
                + "\(row.method) on \(row.topology)")
    }

    /// Shares and cosines over steps; `nil` where no line can be drawn.
    private static func plot(_ rows: [ObservationRow], width: Int?) -> String? {
        guard rows.count > 1 else { return nil }
        let curves: [(String, KeyPath<ObservationRow, Double?>)] = [
            ("captured energy of the true top-k", \.capturedEnergy), ("recall", \.recall),
            ("cosine with the gradient", \.cosineGradient),
        ]
        let series = curves.enumerated().compactMap { look, curve -> Series? in
            let points = rows.compactMap { row in
                row[keyPath: curve.1].map { Point(Double(row.step), $0) }
            }
            return points.count > 1 ? Series(curve.0, points, look: look) : nil
        }
        guard !series.isEmpty else { return nil }
        let chart = Chart(
            "what the exchange kept", x: Axis("step"),
            y: Axis("share, or cosine", fromZero: true), series: series)
        return chart.text(width: min(width ?? 80, 100), height: 12)
    }
}
