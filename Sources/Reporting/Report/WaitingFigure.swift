import Charts
import RunStore

/// How long every rank is blocked on its peers, along the steps of one run per variant.
enum WaitingFigure {
    /// Cells of a row, at most.
    private static let cells = 50
    /// Ranks of a run that are drawn: those that wait longest, and all in the table.
    private static let ranks = 16

    /// The figure; `nil` where nobody has a step.
    static func of(_ variants: [ReportVariant]) -> ReportFigure? {
        let runs = variants.compactMap(shown)
        let last = runs.compactMap { $0.curve.parts.last?.step }.max() ?? 0
        guard last > 0 else { return nil }
        let title = "Waiting, rank by rank"
        let strip = HeatStrip(
            title, axis: Axis("Step"), range: 0...Double(last), unit: "ms in a step",
            groups: runs.map { group($0, last: last) })
        let isCut = runs.contains { $0.curve.waiting.count > ranks }
        return ReportFigure(
            id: "waiting", title: title, pictures: [strip.svg()],
            caption:
                "The stronger the colour, the longer a rank stands still for others; means over parts of "
                + "the steps, of one seed of each variant. A rank that hardly waits is the one that "
                + "the others wait for."
                + (isCut ? " Of more than \(ranks) ranks those that wait longest are drawn." : ""),
            table: table(runs))
    }

    /// The first run that counts, else the first with a step.
    private static func shown(_ variant: ReportVariant) -> ReportRun? {
        (variant.timed + variant.runs).first { !$0.curve.waiting.isEmpty }
    }

    private static func name(_ run: ReportRun) -> String {
        let trouble = run.trouble.map { ": \($0)" } ?? ""
        return "\(run.row.variant), seed \(run.row.seed)\(trouble)"
    }

    private static func name(_ rank: RunCurve.Waiting) -> String {
        rank.isWorker ? "worker \(rank.rank)" : "server"
    }

    private static func group(_ run: ReportRun, last: Int) -> HeatStrip.Group {
        let longest = run.curve.waiting.sorted { $0.milliseconds > $1.milliseconds }
            .prefix(ranks).map(\.rank)
        let rows = run.curve.waiting.filter { longest.contains($0.rank) }.map { rank in
            HeatStrip.Row(name(rank), joined(rank.parts, run.curve.parts, last: last))
        }
        return HeatStrip.Group(name(run), rows)
    }

    /// Means of parts that fall into the same cell of an axis of `last` steps.
    private static func joined(
        _ values: [Double?], _ parts: [RunCurve.Part], last: Int
    ) -> [Double] {
        let count = min(cells, last)
        var sums = [Double](repeating: 0, count: count)
        var counts = [Int](repeating: 0, count: count)
        var begin = 0
        for (value, part) in zip(values, parts) {
            let from = max(0, begin.multipliedClamped(by: count) / last)
            let to = max(from + 1, min(count, part.step.multipliedClamped(by: count) / last))
            begin = part.step
            guard let value else { continue }
            for cell in from..<to where cell < count {
                sums[cell] += value
                counts[cell] += 1
            }
        }
        return zip(sums, counts).map { $1 == 0 ? .nan : $0 / Double($1) }
    }

    private static func table(_ runs: [ReportRun]) -> TextSheet {
        let rows = runs.flatMap { run in run.curve.waiting.map { (run, $0) } }
        var sheet = TextSheet(rowCount: rows.count)
        sheet.add(.words("run"), rows.map { name($0.0) })
        sheet.add(.words("rank"), rows.map { name($0.1) })
        sheet.add(.figures("waits, ms in a step"), rows.map { Figures.short($0.1.milliseconds) })
        sheet.add(.figures("step, ms"), rows.map { Figures.short($0.1.totalMilliseconds) })
        sheet.add(
            .figures("share"),
            rows.map { row in
                let total = row.1.totalMilliseconds
                guard total > 0 else { return Figures.unknown }
                return "\(Figures.fixed(100 * row.1.milliseconds / total, decimals: 0)) %"
            })
        return sheet
    }
}
