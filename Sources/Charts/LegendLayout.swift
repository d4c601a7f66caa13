/// Names in rows that fit a width, each after a sample of its line.
struct LegendLayout {
    /// Where an entry begins.
    struct Place: Equatable {
        var index: Int
        var x: Double
        var row: Int
        var name: String
    }

    static let rowHeight = 16.0
    static let sampleWidth = 26.0
    private(set) var places: [Place] = []
    private(set) var rows = 0

    /// Entries in order; one that is wider than everything is cut.
    init(_ names: [String], width: Double) {
        var x = 0.0
        for (index, name) in names.enumerated() {
            let room = width - Self.sampleWidth - 4
            let name = TextWidth.fitting(name, width: room, size: SVGCanvas.textSize)
            let needed =
                Self.sampleWidth + 4 + TextWidth.of(name, size: SVGCanvas.textSize)
            if x > 0, x + needed > width { (x, rows) = (0, rows + 1) }
            places.append(Place(index: index, x: x, row: rows, name: name))
            x += needed + 12
        }
        rows = names.isEmpty ? 0 : rows + 1
    }

    var height: Double { Double(rows) * Self.rowHeight }
}
