import Charts
import RunStore

/// How speed grows with the number of workers.
enum ScalingFigure {
    /// Variants that differ in their number of workers only.
    private struct Family {
        var name: String
        var look: Int
        /// Workers, samples per second, seeds; by workers.
        var points: [(workers: Int, speed: Double, seeds: Int)]
    }

    /// The figure; `nil` where all timed variants have as many workers.
    static func of(_ variants: [ReportVariant]) -> ReportFigure? {
        let families = families(variants)
        let counts = Set(families.flatMap { $0.points.map(\.workers) })
        guard counts.count > 1 else { return nil }
        let title = "Scaling over workers"
        let chart = Chart(
            title, x: Axis("Workers", fromZero: true),
            y: Axis("Speed", unit: "samples/s", fromZero: true),
            series: families.flatMap(series))
        return ReportFigure(
            id: "scaling", title: title, pictures: [chart.svg()],
            caption:
                "Samples of all workers per second, each worker with a batch of its own; medians "
                + "over seeds. Dashed, without marks: as many times as fast as there are times as "
                + "many workers.",
            table: table(families))
    }

    private static func families(_ variants: [ReportVariant]) -> [Family] {
        var families: [Family] = []
        for variant in variants {
            guard let row = variant.first, let speed = variant.timedMedian(\.samplesPerSecond)
            else {
                continue
            }
            let facts = [row.method, row.topology, row.model, "batch \(row.batch)", row.link ?? ""]
            let name = facts.filter { !$0.isEmpty }.joined(separator: ", ")
            let point = (row.workers, speed, variant.timed.count)
            if let index = families.firstIndex(where: { family in
                family.name == name && !family.points.contains { $0.workers == row.workers }
            }) {
                families[index].points.append(point)
            } else {
                families.append(Family(name: name, look: families.count, points: [point]))
            }
        }
        return families.map { family in
            var family = family
            family.points.sort { $0.workers < $1.workers }
            return family
        }
    }

    private static func series(_ family: Family) -> [Series] {
        let measured = Series(
            family.name, family.points.map { Point(Double($0.workers), $0.speed) },
            look: family.look)
        guard let first = family.points.first, let last = family.points.last,
            family.points.count > 1
        else { return [measured] }
        let ideal = [first.workers, last.workers].map { workers in
            Point(Double(workers), first.speed * Double(workers) / Double(first.workers))
        }
        return [measured, Series("", ideal, style: .guide, look: family.look)]
    }

    private static func table(_ families: [Family]) -> TextSheet {
        let rows = families.flatMap { family in family.points.map { (family, $0) } }
        var sheet = TextSheet(rowCount: rows.count)
        sheet.add(.words("variants"), rows.map(\.0.name))
        sheet.add(.figures("workers"), rows.map { String($0.1.workers) })
        sheet.add(.figures("seeds"), rows.map { String($0.1.seeds) })
        sheet.add(.figures("samples/s"), rows.map { Figures.short($0.1.speed) })
        sheet.add(
            .figures("of the ideal"),
            rows.map { family, point in
                guard let first = family.points.first, first.speed > 0 else {
                    return Figures.unknown
                }
                let ideal = first.speed * Double(point.workers) / Double(first.workers)
                return "\(Figures.fixed(100 * point.speed / ideal, decimals: 0)) %"
            })
        return sheet
    }
}
