extension Chart {
    /// The chart in characters, none of its lines wider than `width` (24 at least). Letters on the
    /// lines name them, so that it needs no colour.
    public func text(width: Int, height: Int = 18) -> String {
        let width = max(width, 24)
        let scales = scales
        let ticks = scales.up.ticks(atMost: max(2, height / 3))
        let labels = TickLabel.texts(ticks)
        let margin = (labels.map(\.count).max() ?? 0) + 1
        var grid = BrailleGrid(columns: width - margin - 1, rows: max(height, 4))
        for (index, series) in series.enumerated() {
            draw(series, letter: Self.letter(index), scales, on: &grid)
        }
        var names = [Int: String]()
        for (tick, label) in zip(ticks, labels) {
            let row = Int(((1 - (scales.up.fraction(tick) ?? 0)) * Double(grid.rows - 1)).rounded())
            names[row] = label
        }
        var lines = [Self.cut(y.caption, width)]
        for (row, line) in grid.lines.enumerated() {
            let name = names[row] ?? ""
            let pad = String(repeating: " ", count: margin - 1 - name.count)
            lines.append(Self.trimmed(pad + name + (name.isEmpty ? " │" : " ┤") + line))
        }
        lines += across(scales.across, margin: margin, columns: grid.columns)
        lines.append(Self.cut(String(repeating: " ", count: margin + 1) + x.caption, width))
        for (index, series) in series.enumerated() where !series.name.isEmpty {
            lines.append(Self.cut("  \(Self.letter(index)) \(Self.plain(series.name))", width))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func draw(
        _ series: Series, letter: Character, _ scales: (across: Scale, up: Scale),
        on grid: inout BrailleGrid
    ) {
        func dot(_ point: Point) -> (x: Int, y: Int)? {
            guard let x = scales.across.fraction(point.x), let y = scales.up.fraction(point.y)
            else { return nil }
            return (
                Int((x * Double(grid.dotsAcross - 1)).rounded()),
                Int((y * Double(grid.dotsUp - 1)).rounded())
            )
        }
        let dots = drawn(series, columns: grid.dotsAcross).map(dot)
        for (from, to) in zip(dots, dots.dropFirst()) {
            guard let from, let to, series.style.isJoined else { continue }
            if series.style == .step { grid.line(from: from, to: (to.x, from.y)) }
            grid.line(from: series.style == .step ? (to.x, from.y) : from, to: to)
        }
        let places = dots.compactMap(\.self)
        for place in places { grid.set(place.x, place.y) }
        for share in [3, 2, 1] where !places.isEmpty {
            grid.letter(letter, at: places[(places.count - 1) * share / 3])
        }
    }

    private func across(_ scale: Scale, margin: Int, columns: Int) -> [String] {
        var axis = Array(repeating: Character("─"), count: columns)
        var labels = Array(repeating: Character(" "), count: columns)
        var end = -1
        let ticks = scale.ticks(atMost: max(2, columns / 12))
        for (tick, text) in zip(ticks, TickLabel.texts(ticks)) {
            let place = Int(((scale.fraction(tick) ?? 0) * Double(columns - 1)).rounded())
            let first = min(max(0, place - text.count / 2), columns - text.count)
            axis[place] = "┬"
            guard first > end, first >= 0 else { continue }
            labels.replaceSubrange(first..<first + text.count, with: text)
            end = first + text.count
        }
        let pad = String(repeating: " ", count: margin)
        return [pad + "└" + String(axis), Self.trimmed(pad + " " + String(labels))]
    }

    private static func letter(_ index: Int) -> Character {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        return letters[index % letters.count]
    }

    private static func cut(_ text: String, _ width: Int) -> String {
        text.count <= width ? text : text.prefix(width - 1) + "…"
    }

    /// Without control characters, which could steer the terminal.
    private static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    scalar.properties.generalCategory == .control ? " " : scalar
                }))
    }

    private static func trimmed(_ text: String) -> String {
        let end = text.lastIndex { $0 != " " }
        return end.map { String(text[...$0]) } ?? ""
    }
}
