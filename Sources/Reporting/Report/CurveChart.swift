import Charts

/// Loss or accuracy of variants against steps, seconds or bytes.
struct CurveChart {
    /// Variants whose ends are so many times as far apart are drawn on a logarithmic axis.
    private static let spread = 8.0

    /// All lines, whole.
    let lines: [CurveLine]
    /// Those of runs that count.
    private let counted: [CurveLine]
    /// Where lines leave the picture: what runs away would leave the others on the floor.
    private let ceiling: Double?
    /// Across.
    let across: CurveAcross
    /// Up.
    let up: CurveUp

    /// The lines of these variants.
    init(_ variants: [ReportVariant], _ across: CurveAcross, _ up: CurveUp) {
        lines = variants.flatMap { CurveLine.of($0, across, up) }
        self.across = across
        self.up = up
        let names = variants.filter { !$0.learned.isEmpty }.map(\.title)
        counted = lines.filter { names.contains($0.name) }
        let most = counted.compactMap(\.greatest).max()
        ceiling = up == .loss ? most.map { $0 * 1.2 } : nil
    }

    /// Whether a line leaves the picture at its upper edge.
    var isCut: Bool { lines.contains { ($0.greatest ?? 0) > (ceiling ?? .infinity) } }

    private var drawn: [CurveLine] {
        lines.map { line in ceiling.map { line.cut(at: $0) } ?? line }
    }

    /// The unit of the axis across.
    var unit: (name: String, size: Double) {
        across.unit(upTo: drawn.flatMap(\.places).map(\.x).max() ?? 0)
    }

    /// The picture's content.
    func chart(title: String) -> Chart {
        let unit = unit
        return Chart(
            title,
            x: Axis(
                across.title, unit: unit.name, isLogarithmic: isWideAcross,
                fromZero: !isWideAcross),
            y: Axis(up.title, isLogarithmic: isWideUp),
            series: drawn.map { line in
                var series = Series(
                    line.name,
                    line.places.map { Point($0.x / unit.size, $0.y ?? .nan) }, look: line.look)
                series.band = line.places.compactMap { place in
                    place.range.map { Series.Span(place.x / unit.size, $0) }
                }
                return series
            })
    }

    private var isWideAcross: Bool {
        let ends = (counted.isEmpty ? drawn : counted).compactMap { $0.places.last?.x }.filter {
            $0 > 0
        }
        guard across != .step, let least = ends.min(), let greatest = ends.max() else {
            return false
        }
        return greatest >= Self.spread * least
    }

    /// A loss that falls to a fiftieth says nothing of its end on a linear axis.
    private var isWideUp: Bool {
        let values = drawn.flatMap(\.places).compactMap(\.y)
        guard up == .loss, let least = values.min(), let greatest = values.max(), least > 0 else {
            return false
        }
        return greatest > 50 * least
    }

    /// Where the lines end, for those who do not see them; the table has the rest.
    var words: String {
        let unit = unit
        return lines.compactMap { line -> String? in
            guard let end = line.marks.last else { return nil }
            let place =
                across == .step
                ? "step \(end.step)" : "\(Figures.short(end.x / unit.size)) \(unit.name)"
            return "\(line.name): \(Figures.fixed(end.y, decimals: 4)) at \(place)"
        }.joined(separator: "; ")
    }

    /// Five places of every line.
    var table: TextSheet {
        let unit = unit
        let rows = lines.flatMap { line in line.marks.map { (line, $0) } }
        var sheet = TextSheet(rowCount: rows.count)
        sheet.add(.words("variant"), rows.map(\.0.name))
        sheet.add(.figures("seeds"), rows.map { String($0.0.seeds) })
        sheet.add(.figures("step"), rows.map { Figures.grouped($0.1.step) })
        if across != .step {
            let name = across == .bytes ? "sent, \(unit.name)" : "seconds"
            sheet.add(.figures(name), rows.map { Figures.short($0.1.x / unit.size) })
        }
        sheet.add(.figures(up.rawValue), rows.map { Figures.fixed($0.1.y, decimals: 4) })
        if rows.contains(where: { $0.1.range != nil }) {
            sheet.add(
                .figures("lowest to highest"),
                rows.map { row in
                    guard let range = row.1.range else { return Figures.unknown }
                    let low = Figures.fixed(range.lowerBound, decimals: 4)
                    return "\(low) to \(Figures.fixed(range.upperBound, decimals: 4))"
                })
        }
        return sheet
    }
}
