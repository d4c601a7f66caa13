import Charts
import RunStore

/// What a worker sends in a step, and how much less than dense that is.
enum BytesFigure {
    /// The figure; `nil` where nothing was sent.
    static func of(_ variants: [ReportVariant]) -> ReportFigure? {
        let greatest = variants.compactMap { $0.timedMedian(\.bytesSentPerWorkerStep) }.max() ?? 0
        guard greatest > 0 else { return nil }
        let title = "Bytes and compression"
        let unit = CurveAcross.bytes.unit(upTo: greatest)
        let bars = variants.map { variant in
            let sent = variant.timedMedian(\.bytesSentPerWorkerStep)
            let ratio = variant.timedMedian(\.compression).map { ", \(Figures.times($0))" } ?? ""
            return BarChart.Bar(
                variant.name, [(sent ?? 0) / unit.size],
                note: variant.timed.isEmpty ? variant.standing : Figures.bytes(sent) + ratio)
        }
        let chart = BarChart(
            "\(title). \(PhaseFigure.words(bars))",
            axis: Axis("Sent by a worker in a step", unit: unit.name), parts: ["sent"],
            bars: bars)
        return ReportFigure(
            id: "bytes", title: title, pictures: [chart.svg()],
            caption: "Means over steps and workers, framing included. The ratio is to what a dense "
                + "exchange of 4-byte words sends on the same topology.",
            table: table(variants))
    }

    private static func table(_ variants: [ReportVariant]) -> TextSheet {
        var sheet = TextSheet(rowCount: variants.count)
        sheet.add(.words("variant"), variants.map(\.name))
        sheet.add(.words("runs"), variants.map(\.standing))
        sheet.add(
            .figures("sent"),
            variants.map { Figures.bytes($0.timedMedian(\.bytesSentPerWorkerStep)) })
        sheet.add(
            .figures("received"),
            variants.map { Figures.bytes($0.timedMedian(\.bytesReceivedPerWorkerStep)) })
        sheet.add(
            .figures("through the server"),
            variants.map { Figures.bytes($0.timedMedian(\.serverBytesPerStep)) })
        sheet.add(
            .figures("compression"), variants.map { Figures.times($0.timedMedian(\.compression)) })
        sheet.add(
            .figures("to target, all workers"),
            variants.map { variant in
                Figures.bytes(variant.learnedMedian { $0.bytesToTarget.map(Double.init) })
            })
        return sheet
    }
}
