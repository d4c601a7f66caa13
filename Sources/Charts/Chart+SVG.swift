extension Chart {
    /// The picture. Its letters are 11 pixels high at the width given.
    public func svg(width: Double = 420) -> SVGImage {
        var canvas = SVGCanvas()
        let scales = scales
        let frame = PlotFrame(
            across: scales.across, up: scales.up, imageWidth: width, top: 24, height: width * 0.52)
        frame.draw(x, y, on: &canvas)
        drawEvents(frame, on: &canvas)
        for series in series { draw(series, frame, on: &canvas) }
        drawLabels(frame, on: &canvas)
        let named = series.filter { !$0.isLabelled && !$0.name.isEmpty }
        let legend = LegendLayout(named.map(\.name), width: width - 12)
        let top = frame.bottom + 42
        for place in legend.places {
            sample(named[place.index], 6 + place.x, top + Double(place.row) * 16 + 4, on: &canvas)
            canvas.text(
                place.name, 6 + place.x + LegendLayout.sampleWidth + 4,
                top + Double(place.row) * 16 + 8)
        }
        return SVGImage(
            width: width, height: top + legend.height + 4, label: title, body: canvas.body)
    }

    private func draw(_ series: Series, _ frame: PlotFrame, on canvas: inout SVGCanvas) {
        let points = drawn(series, columns: Int(frame.width / 2))
        drawBand(series, frame, on: &canvas)
        if case .points(let hollow) = series.style {
            for place in points.compactMap(frame.place) {
                canvas.marker(series.look, place.x, place.y, hollow: hollow)
            }
            return
        }
        let commands = Self.path(points, frame, isStep: series.style == .step, canvas)
        guard !commands.isEmpty else { return }
        if series.style == .guide { return canvas.path(commands, "fr") }
        canvas.path(
            commands, "ln l\(series.look % Palette.seriesColours)", dash: Palette.dash(series.look))
        for point in Self.marked(points.filter(\.isFinite)) {
            if let place = frame.place(point) { canvas.marker(series.look, place.x, place.y) }
        }
    }

    /// A few of the points: all where they are few, else the last one.
    private static func marked(_ points: [Point]) -> [Point] {
        points.count <= 12 ? points : points.suffix(1)
    }

    private static func path(
        _ points: [Point], _ frame: PlotFrame, isStep: Bool, _ canvas: SVGCanvas
    ) -> String {
        var commands = ""
        var isDrawing = false
        for point in points {
            guard let place = frame.place(point) else {
                isDrawing = false
                continue
            }
            if isDrawing, isStep { commands += "H\(SVGText.number(place.x))" }
            commands += (isDrawing ? "L" : "M") + canvas.pair(place.x, place.y)
            isDrawing = true
        }
        return commands
    }

    private func drawBand(_ series: Series, _ frame: PlotFrame, on canvas: inout SVGCanvas) {
        let spans = series.band.compactMap { span -> (x: Double, low: Double, high: Double)? in
            guard let x = frame.x(span.x), let low = frame.y(span.range.lowerBound),
                let high = frame.y(span.range.upperBound)
            else { return nil }
            return (x, low, high)
        }
        guard spans.count > 1 else { return }
        let edge = spans.map { ($0.x, $0.high) } + spans.reversed().map { ($0.x, $0.low) }
        let commands = edge.map { canvas.pair($0.0, $0.1) }.joined(separator: "L")
        canvas.path("M\(commands)Z", "bd f\(series.look % Palette.seriesColours)")
    }

    private func drawEvents(_ frame: PlotFrame, on canvas: inout SVGCanvas) {
        var end = -Double.infinity
        for event in events.sorted(by: { $0.x < $1.x }) {
            guard let x = frame.x(event.x) else { continue }
            canvas.line(x, frame.top, x, frame.bottom, "ev")
            let width = TextWidth.of(event.name, size: 10)
            let left = min(x + 3, frame.left + frame.width - width)
            guard left > end else { continue }
            canvas.text(event.name, left, frame.top + 9, .start, "st", size: 10)
            end = left + width + 4
        }
    }

    private func drawLabels(_ frame: PlotFrame, on canvas: inout SVGCanvas) {
        let marks = series.filter { $0.style != .guide }.flatMap(\.points).compactMap(frame.place)
        var placer = LabelPlacer(
            bounds: LabelPlacer.Box(
                x: frame.left, y: frame.top, width: frame.width + 12, height: frame.height),
            marks: marks)
        for series in series where series.isLabelled {
            guard let place = series.points.lazy.compactMap(frame.place).first else { continue }
            if let label = placer.place(series.name, beside: place.x, place.y) {
                canvas.text(series.name, label.x, label.y)
            }
        }
    }

    private func sample(_ series: Series, _ x: Double, _ y: Double, on canvas: inout SVGCanvas) {
        let middle = x + LegendLayout.sampleWidth / 2
        switch series.style {
        case .guide: canvas.line(x, y, x + LegendLayout.sampleWidth, y, "fr")
        case .points(let hollow): canvas.marker(series.look, middle, y, hollow: hollow)
        case .line, .step:
            canvas.path(
                "M\(canvas.pair(x, y))h\(LegendLayout.sampleWidth)",
                "ln l\(series.look % Palette.seriesColours)", dash: Palette.dash(series.look))
            canvas.marker(series.look, middle, y)
        }
    }
}
