/// Rows of cells whose darkness is a value, in groups, over one axis.
public struct HeatStrip: Equatable, Sendable {
    /// One row.
    public struct Row: Equatable, Sendable {
        /// What stands at its left.
        public var name: String
        /// Equal parts of the axis; not finite where nothing is known.
        public var cells: [Double]

        /// Memberwise.
        public init(_ name: String, _ cells: [Double]) {
            self.name = name
            self.cells = cells
        }
    }

    /// Rows under one heading.
    public struct Group: Equatable, Sendable {
        /// The heading.
        public var name: String
        /// From the top.
        public var rows: [Row]

        /// Memberwise.
        public init(_ name: String, _ rows: [Row]) {
            self.name = name
            self.rows = rows
        }
    }

    /// What it shows, for those who do not see it.
    public var title: String
    /// Across: from the first value to the second.
    public var axis: Axis
    /// The ends of the axis.
    public var range: ClosedRange<Double>
    /// The unit of the cells.
    public var unit: String
    /// From the top.
    public var groups: [Group]

    /// Memberwise.
    public init(
        _ title: String, axis: Axis, range: ClosedRange<Double>, unit: String, groups: [Group]
    ) {
        self.title = title
        self.axis = axis
        self.range = range
        self.unit = unit
        self.groups = groups
    }

    private static let levels = 8
    private static let rowHeight = 13.0

    /// The picture: eight levels from nothing to the greatest value, with a key.
    public func svg(width: Double = 420) -> SVGImage {
        var canvas = SVGCanvas()
        let rows = groups.flatMap(\.rows)
        let names = rows.map { TextWidth.of($0.name, size: 10) }.max() ?? 0
        let left = min(names, width / 3) + 12
        let room = width - left - 8
        let most = rows.flatMap(\.cells).filter(\.isFinite).max() ?? 0
        var paths = [String](repeating: "", count: Self.levels)
        var y = drawKey(most, width, on: &canvas)
        for group in groups {
            let name = TextWidth.fitting(group.name, width: width - 12, size: SVGCanvas.textSize)
            canvas.text(name, 6, y + 11)
            y += 16
            for row in group.rows {
                let name = TextWidth.fitting(row.name, width: left - 10, size: 10)
                canvas.text(name, left - 5, y + 9.5, .end, "st", size: 10)
                canvas.rectangle(left, y, room, Self.rowHeight - 1.5, "ht", opacity: 0.06)
                add(row, left, y, room, most, to: &paths)
                y += Self.rowHeight
            }
            y += 4
        }
        for (level, path) in paths.enumerated() where !path.isEmpty {
            canvas.path(path, "ht h\(level)")
        }
        drawAxis(left, room, y, on: &canvas)
        return SVGImage(width: width, height: y + 36, label: title, body: styled(canvas.body))
    }

    private func styled(_ body: String) -> String {
        (0..<Self.levels).reduce(body) { text, level in
            let opacity = TickLabel.fixed(Self.opacity(level), decimals: 2)
            return text.replacing(
                "class=\"ht h\(level)\"", with: "class=\"ht\" fill-opacity=\"\(opacity)\"")
        }
    }

    private static func opacity(_ level: Int) -> Double { Double(level + 1) / Double(levels) }

    private func add(
        _ row: Row, _ left: Double, _ y: Double, _ room: Double, _ most: Double,
        to paths: inout [String]
    ) {
        let width = room / Double(max(row.cells.count, 1))
        for (index, value) in row.cells.enumerated() where value.isFinite && value > 0 {
            let level = min(Self.levels - 1, Int(value / most * Double(Self.levels)))
            let x = left + Double(index) * width
            paths[level] +=
                "M\(SVGText.number(x)) \(SVGText.number(y))h\(SVGText.number(width))"
                + "v\(Self.rowHeight - 1.5)h\(SVGText.number(-width))z"
        }
    }

    private func drawKey(_ most: Double, _ width: Double, on canvas: inout SVGCanvas) -> Double {
        canvas.text("0", 6, 12, .start, "st")
        for level in 0..<Self.levels {
            canvas.rectangle(
                18 + Double(level) * 14, 3, 14, 11, "ht", opacity: Self.opacity(level))
        }
        let text = TickLabel.text(most, step: most / 20) + " \(unit)"
        canvas.text(text, 18 + Double(Self.levels) * 14 + 5, 12, .start, "st")
        return 22
    }

    private func drawAxis(
        _ left: Double, _ room: Double, _ y: Double, on canvas: inout SVGCanvas
    ) {
        let scale = Scale(covering: [range.lowerBound, range.upperBound])
        let width = range.upperBound - range.lowerBound
        for (tick, text) in scale.separateTicks(width: room)
        where range.contains(tick) && width > 0 {
            let x = left + (tick - range.lowerBound) / width * room
            let half = TextWidth.of(text, size: SVGCanvas.textSize) / 2
            canvas.line(x, y, x, y + 3, "ax")
            canvas.text(text, min(x, left + room + 8 - half), y + 14, .middle, "st")
        }
        canvas.text(axis.caption, left + room, y + 29, .end)
    }
}
