import Charts
import RunStore

/// The Pareto front over seconds, bytes and loss: each the less the better.
enum FrontFigure {
    private struct Entry {
        var variant: ReportVariant
        /// Seconds, bytes of all workers, loss.
        var figures: [Double]
        var isInFront = false
    }

    /// The figure; `nil` for fewer than two variants to hold against each other.
    static func of(_ variants: [ReportVariant]) -> ReportFigure? {
        let entries = entries(variants)
        guard entries.count > 1 else { return nil }
        let greatest = entries.map { $0.figures[1] }.max() ?? 0
        let unit = CurveAcross.bytes.unit(upTo: greatest)
        let title = "Pareto front"
        let times = chart(
            "\(title): loss against training time", entries, Axis("Training time", unit: "s")
        ) { $0[0] }
        let bytes = chart(
            "\(title): loss against bytes", entries, Axis("Sent by all workers", unit: unit.name)
        ) { $0[1] / unit.size }
        return ReportFigure(
            id: "front", title: title, pictures: [times.svg(), bytes.svg()],
            caption: "A star, and a filled mark: no other variant is as good in seconds, bytes and "
                + "final loss, and better in one. Medians over seeds.",
            table: table(entries))
    }

    private static func entries(_ variants: [ReportVariant]) -> [Entry] {
        var entries = variants.compactMap { variant -> Entry? in
            guard let seconds = variant.learnedMedian(\.seconds),
                let bytes = variant.learnedMedian(\.totalBytesSent),
                let loss = variant.learnedMedian(\.finalLoss)
            else { return nil }
            return Entry(variant: variant, figures: [seconds, bytes, loss])
        }
        for index in entries.indices {
            entries[index].isInFront = !entries.contains {
                ParetoFront.beats($0.figures, entries[index].figures)
            }
        }
        return entries
    }

    private static func chart(
        _ title: String, _ entries: [Entry], _ axis: Axis, _ x: ([Double]) -> Double
    ) -> Chart {
        var axis = axis
        let values = entries.map { x($0.figures) }
        let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
        axis.isLogarithmic = least > 0 && greatest > 8 * least
        axis.fromZero = !axis.isLogarithmic
        let series = entries.map { entry in
            Series(
                entry.variant.name + (entry.isInFront ? " *" : ""),
                [Point(x(entry.figures), entry.figures[2])],
                style: .points(hollow: !entry.isInFront), look: entry.variant.look)
        }
        return Chart(title, x: axis, y: Axis("Final training loss"), series: series)
    }

    private static func table(_ entries: [Entry]) -> TextSheet {
        var sheet = TextSheet(rowCount: entries.count)
        sheet.add(.words("variant"), entries.map(\.variant.name))
        sheet.add(.figures("seeds"), entries.map { String($0.variant.learned.count) })
        sheet.add(.figures("seconds"), entries.map { Figures.short($0.figures[0]) })
        sheet.add(.figures("sent by all"), entries.map { Figures.bytes($0.figures[1]) })
        sheet.add(.figures("loss"), entries.map { Figures.fixed($0.figures[2], decimals: 4) })
        sheet.add(.words("in the front"), entries.map { $0.isInFront ? "yes" : "no" })
        return sheet
    }
}
