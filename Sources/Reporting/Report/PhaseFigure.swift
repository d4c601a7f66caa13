import Charts
import RunStore

/// Where the time of a step goes, variant by variant.
enum PhaseFigure {
    private static var phases: [(String, KeyPath<StepMilliseconds, Double?>)] {
        [
            ("compute", \.compute), ("encode", \.encode), ("exchange", \.exchange),
            ("wait", \.wait), ("decode", \.decode), ("update", \.update),
        ]
    }

    /// The figure; `nil` where nothing was timed.
    static func of(_ variants: [ReportVariant]) -> ReportFigure? {
        guard variants.contains(where: { !$0.timed.isEmpty }) else { return nil }
        let title = "Phases of a step"
        let bars = variants.map { variant in
            BarChart.Bar(
                variant.name,
                phases.map { phase in
                    variant.timedMedian { $0.stepMilliseconds[keyPath: phase.1] } ?? 0
                },
                note: variant.timed.isEmpty
                    ? variant.standing
                    : "\(Figures.short(variant.timedMedian { $0.stepMilliseconds.total })) ms")
        }
        let chart = BarChart(
            "\(title). \(words(bars))", axis: Axis("Time of a step", unit: "ms"),
            parts: phases.map(\.0), bars: bars)
        return ReportFigure(
            id: "phases", title: title, pictures: [chart.svg()],
            caption:
                "Medians over steps, workers and seeds. Beside a bar stands the median of whole "
                + "steps, which the medians of the parts need not add up to. Wait is the time a "
                + "worker is blocked on others.",
            table: table(variants))
    }

    /// What stands beside bars, for those who do not see them.
    static func words(_ bars: [BarChart.Bar]) -> String {
        bars.map { "\($0.name): \($0.note)" }.joined(separator: "; ")
    }

    private static func table(_ variants: [ReportVariant]) -> TextSheet {
        var sheet = TextSheet(rowCount: variants.count)
        sheet.add(.words("variant"), variants.map(\.name))
        sheet.add(.words("runs"), variants.map(\.standing))
        let hides = variants.contains { ($0.timedMedian { $0.stepMilliseconds.hidden } ?? 0) > 0 }
        let hidden: [(String, KeyPath<StepMilliseconds, Double?>)] =
            hides ? [("hidden", \.hidden)] : []
        for (name, phase) in [("step", \.total)] + phases + hidden {
            sheet.add(
                .figures("\(name) ms"),
                variants.map { variant in
                    Figures.short(variant.timedMedian { $0.stepMilliseconds[keyPath: phase] })
                })
        }
        return sheet
    }
}
