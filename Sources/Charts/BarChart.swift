/// Horizontal bars, each a stack of parts, with what they come to at their ends.
public struct BarChart: Equatable, Sendable {
    /// One bar.
    public struct Bar: Equatable, Sendable {
        /// What it is about.
        public var name: String
        /// As many as there are part names.
        public var values: [Double]
        /// What stands after it.
        public var note: String

        /// Memberwise.
        public init(_ name: String, _ values: [Double], note: String) {
            self.name = name
            self.values = values
            self.note = note
        }
    }

    /// What it shows, for those who do not see it.
    public var title: String
    /// Across; from zero.
    public var axis: Axis
    /// Names of the parts, from the left. With one part there is no legend.
    public var parts: [String]
    /// From the top.
    public var bars: [Bar]

    /// Memberwise.
    public init(_ title: String, axis: Axis, parts: [String], bars: [Bar]) {
        self.title = title
        self.axis = axis
        self.parts = parts
        self.bars = bars
    }

    private static let rowHeight = 34.0

    /// The picture. Names stand above their bars, so that long ones take no room from them.
    public func svg(width: Double = 420) -> SVGImage {
        var canvas = SVGCanvas()
        let legend = LegendLayout(parts.count > 1 ? parts : [], width: width - 12)
        for place in legend.places {
            let y = Double(place.row) * LegendLayout.rowHeight
            canvas.rectangle(10 + place.x, y + 2, 12, 10, "f\(place.index % 7)")
            canvas.text(
                "\(Self.letter(place.index)) \(place.name)", 26 + place.x, y + 11)
        }
        let top = legend.height + 6
        let bottom = top + Double(bars.count) * Self.rowHeight
        let totals = bars.map { $0.values.filter(\.isFinite).reduce(0, +) }
        let notes = bars.map { TextWidth.of($0.note, size: SVGCanvas.textSize) }.max() ?? 0
        let scale = Scale(covering: totals, fromZero: true)
        let room = width - 10 - min(notes + 10, width / 2)
        for (tick, text) in scale.separateTicks(width: room) {
            let x = 6 + (scale.fraction(tick) ?? 0) * room
            canvas.line(x, top, x, bottom, "gr")
            canvas.text(text, x, bottom + 13, tick == 0 ? .start : .middle, "st")
        }
        for (index, bar) in bars.enumerated() {
            draw(bar, scale, room, top + Double(index) * Self.rowHeight, width, on: &canvas)
        }
        canvas.text(axis.caption, width - 6, bottom + 28, .end)
        return SVGImage(width: width, height: bottom + 34, label: title, body: canvas.body)
    }

    private func draw(
        _ bar: Bar, _ scale: Scale, _ room: Double, _ top: Double, _ width: Double,
        on canvas: inout SVGCanvas
    ) {
        let name = TextWidth.fitting(bar.name, width: width - 12, size: SVGCanvas.textSize)
        canvas.text(name, 6, top + 12)
        var x = 6.0
        for (index, value) in bar.values.enumerated() where value.isFinite && value > 0 {
            let length = (scale.fraction(value) ?? 0) * room
            canvas.rectangle(x, top + 16, length, 13, "sg f\(index % 7)")
            if parts.count > 1, length > 14 {
                canvas.text(
                    Self.letter(index), x + length / 2, top + 26, .middle, "iv", size: 10)
            }
            x += length
        }
        canvas.text(bar.note, x + 5, top + 26.5, .start, "st")
    }

    private static func letter(_ index: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return String(letters[index % letters.count])
    }
}
