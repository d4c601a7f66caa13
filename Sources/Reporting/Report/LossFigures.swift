import Charts

/// How loss and accuracy went, against steps, time and bytes.
enum LossFigures {
    private static let asked: [(CurveUp, CurveAcross, title: String, caption: String)] = [
        (.loss, .step, "Loss against steps", "What a step of each variant teaches."),
        (.loss, .seconds, "Loss against training time", "What a second teaches."),
        (.loss, .bytes, "Loss against bytes", "What a byte that a worker sends teaches."),
        (
            .accuracy, .seconds, "Accuracy against training time",
            "Fraction of the test set that is told right, at evaluations."
        ),
    ]

    /// One figure for each question that there is an answer to.
    static func of(_ variants: [ReportVariant]) -> [ReportFigure] {
        asked.compactMap { up, across, title, caption in
            let chart = CurveChart(variants, across, up)
            guard !chart.lines.isEmpty else { return nil }
            return ReportFigure(
                id: "\(up.rawValue)-\(across.rawValue)", title: title,
                pictures: [chart.chart(title: "\(title). \(chart.words)").svg()],
                caption: caption, table: chart.table)
        }
    }

    /// How to read all of them: what they have in common.
    static func reading(_ variants: [ReportVariant]) -> String {
        let curves = CurveChart(variants, .step, .loss)
        guard !curves.lines.isEmpty else { return "" }
        var text = "Curves of the loss are means over equal parts of the steps."
        if curves.lines.contains(where: { $0.seeds > 1 }) {
            text +=
                " A line is the median over the seeds, its band reaches from the lowest to the "
                + "highest."
        }
        if variants.contains(where: { !$0.troubled.isEmpty }) {
            text +=
                " A run that is not completed, or whose loss did not stay finite, is a line of its "
                + "own that ends where it ended."
        }
        if curves.isCut { text += " A loss that runs away is cut off at the upper edge." }
        return text
    }
}
