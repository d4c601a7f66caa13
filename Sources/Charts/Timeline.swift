/// Rows of spans and moments over one axis.
public struct Timeline: Equatable, Sendable {
    /// A stretch of a row.
    public struct Span: Equatable, Sendable {
        /// From where to where.
        public var range: ClosedRange<Double>
        /// Which of the kinds.
        public var kind: Int

        /// Memberwise.
        public init(_ range: ClosedRange<Double>, kind: Int) {
            self.range = range
            self.kind = kind
        }
    }

    /// One row.
    public struct Row: Equatable, Sendable {
        /// What stands above it.
        public var name: String
        /// How long the row is.
        public var length: Double
        /// In any order.
        public var spans: [Span]
        /// Moments, each a mark.
        public var moments: [Double]

        /// Memberwise.
        public init(_ name: String, length: Double, spans: [Span], moments: [Double]) {
            self.name = name
            self.length = length
            self.spans = spans
            self.moments = moments
        }
    }

    /// What it shows, for those who do not see it.
    public var title: String
    /// Across, from zero.
    public var axis: Axis
    /// Names of the kinds of spans.
    public var kinds: [String]
    /// What a moment is.
    public var moment: String
    /// From the top.
    public var rows: [Row]

    /// Memberwise.
    public init(_ title: String, axis: Axis, kinds: [String], moment: String, rows: [Row]) {
        self.title = title
        self.axis = axis
        self.kinds = kinds
        self.moment = moment
        self.rows = rows
    }

    private static let rowHeight = 34.0

    /// The picture.
    public func svg(width: Double = 420) -> SVGImage {
        var canvas = SVGCanvas()
        let legend = LegendLayout(kinds + [moment], width: width - 12)
        for place in legend.places {
            let y = Double(place.row) * LegendLayout.rowHeight
            if place.index < kinds.count {
                canvas.rectangle(8 + place.x, y + 2, 20, 10, "f\(place.index + 1)")
            } else {
                canvas.marker(5, 18 + place.x, y + 7)
            }
            canvas.text(place.name, 36 + place.x, y + 11)
        }
        let (top, room) = (legend.height + 6, width - 24)
        let bottom = top + Double(rows.count) * Self.rowHeight
        let scale = Scale(covering: rows.map(\.length), fromZero: true)
        for (tick, text) in scale.separateTicks(width: room) {
            let x = 10 + (scale.fraction(tick) ?? 0) * room
            canvas.line(x, top, x, bottom, "gr")
            canvas.text(text, x, bottom + 13, .middle, "st")
        }
        for (index, row) in rows.enumerated() {
            draw(row, scale, room, top + Double(index) * Self.rowHeight, on: &canvas)
        }
        canvas.text(axis.caption, width - 6, bottom + 28, .end)
        return SVGImage(width: width, height: bottom + 34, label: title, body: canvas.body)
    }

    private func draw(
        _ row: Row, _ scale: Scale, _ room: Double, _ top: Double, on canvas: inout SVGCanvas
    ) {
        func x(_ value: Double) -> Double {
            10 + (scale.fraction(min(max(value, 0), scale.range.upperBound)) ?? 0) * room
        }
        let name = TextWidth.fitting(row.name, width: room, size: SVGCanvas.textSize)
        canvas.text(name, 10, top + 12)
        canvas.rectangle(10, top + 20, x(row.length) - 10, 5, "f5", opacity: 0.3)
        for span in row.spans {
            let (left, right) = (x(span.range.lowerBound), x(span.range.upperBound))
            canvas.rectangle(left, top + 17, max(right - left, 1.5), 11, "f\(span.kind + 1)")
        }
        for moment in row.moments { canvas.marker(5, x(moment), top + 22.5) }
    }
}
