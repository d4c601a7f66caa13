import RunStore

/// The comparison of a report: a line for each variant, medians over its seeds.
enum ComparedVariants {
    /// The table.
    static func sheet(_ variants: [ReportVariant]) -> TextSheet {
        var sheet = TextSheet(rowCount: variants.count)
        func figures(_ title: String, _ cell: (ReportVariant) -> String) {
            sheet.add(.figures(title), variants.map(cell))
        }
        sheet.add(.words("variant"), variants.map(\.name))
        sheet.add(.words("runs"), variants.map(\.standing))
        figures("workers") { $0.first.map { "\($0.workers)" } ?? Figures.unknown }
        figures("samples/s") { Figures.short($0.timedMedian(\.samplesPerSecond)) }
        figures("speed-up", speedup)
        figures("step ms") { Figures.short($0.timedMedian { $0.stepMilliseconds.total }) }
        figures("sent") { Figures.bytes($0.timedMedian(\.bytesSentPerWorkerStep)) }
        figures("compression") { Figures.times($0.timedMedian(\.compression)) }
        figures("loss") { Figures.fixed($0.learnedMedian(\.finalLoss), decimals: 4) }
        figures("accuracy") { Figures.fixed($0.learnedMedian(\.finalAccuracy), decimals: 4) }
        figures("target s") { Figures.short($0.learnedMedian(\.secondsToTarget)) }
        if variants.contains(where: { $0.first?.breakEven != nil }) {
            figures("pays below", paysBelow)
        }
        sheet.add(.words("topology"), variants.map { $0.first?.topology ?? Figures.unknown })
        sheet.add(.words("method"), variants.map { $0.first?.method ?? Figures.unknown })
        return sheet
    }

    private static func speedup(_ variant: ReportVariant) -> String {
        let isUnproven = variant.timed.contains { $0.row.isUnproven }
        return Figures.times(variant.timedMedian(\.speedup)) + (isUnproven ? "?" : "")
    }

    /// Seeds that disagree on whether there is such a speed have none to tell.
    private static func paysBelow(_ variant: ReportVariant) -> String {
        let verdicts = variant.timed.map(\.row.breakEven)
        switch ComparisonSheet.shared(verdicts) {
        case .some(.below):
            return Figures.bitsPerSecond(variant.timedMedian(\.breakEvenBitsPerSecond))
        case .some(.always): return "any speed"
        case .some(.never): return "never"
        case .some(nil): return Figures.unknown
        case nil: return verdicts.isEmpty ? Figures.unknown : "seeds differ"
        }
    }

    /// What the table cannot say in a cell.
    static func notes(_ data: ReportData) -> [String] {
        let rows = data.runs.map(\.row)
        var lines = [
            "Medians over seeds; a step's time is the median over steps and workers. Sent: per worker "
                + "and step, framing included. Loss: training, mean of the last tenth of the steps."
        ]
        if let target = ComparisonSheet.shared(data.runs.map(\.detail.description.target)),
            let target
        {
            lines.append("Target: a test accuracy of \(target), as evaluations saw it.")
        }
        if let baseline = ComparisonSheet.shared(rows.map(\.baseline)), let baseline {
            lines.append("Speed-up: samples per second against \(baseline) of the same seed.")
        }
        if rows.contains(where: \.isUnproven) {
            lines.append(
                "?: unproven, for want of a dense run on the same topology, link and machine.")
        }
        if rows.contains(where: { $0.breakEven != nil }) {
            lines.append(
                "Pays below: link speed below which it is faster than the dense run of the same "
                    + "topology, by measured encode, decode and bytes.")
        }
        if !data.differingContext.isEmpty {
            lines.append(
                "These runs are not from the same surroundings: "
                    + "\(data.differingContext.joined(separator: ", ")) differ. Hold their times "
                    + "against each other with care.")
        }
        return lines
    }
}
