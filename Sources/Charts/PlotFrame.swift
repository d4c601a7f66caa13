/// The rectangle that data is drawn in, between axes with ticks that do not touch.
struct PlotFrame {
    let left: Double
    let top: Double
    let width: Double
    let height: Double
    let across: Scale
    let up: Scale
    private let upTicks: [Double]

    /// Leaves room on the left for the widest label of the upward axis.
    init(across: Scale, up: Scale, imageWidth: Double, top: Double, height: Double) {
        self.across = across
        self.up = up
        self.top = top
        self.height = height
        upTicks = up.ticks(atMost: 6)
        let widths = TickLabel.texts(upTicks).map { TextWidth.of($0, size: SVGCanvas.textSize) }
        left = (widths.max() ?? 0) + 10
        width = imageWidth - left - 14
    }

    var bottom: Double { top + height }

    func x(_ value: Double) -> Double? { across.fraction(value).map { left + $0 * width } }
    func y(_ value: Double) -> Double? { up.fraction(value).map { bottom - $0 * height } }

    func place(_ point: Point) -> (x: Double, y: Double)? {
        guard let x = x(point.x), let y = y(point.y) else { return nil }
        return (x, y)
    }

    /// Grid, ticks and captions; the upward caption stands above, where it is read without turning.
    func draw(_ horizontal: Axis, _ vertical: Axis, on canvas: inout SVGCanvas) {
        let size = SVGCanvas.textSize
        for (tick, text) in zip(upTicks, TickLabel.texts(upTicks)) {
            guard let y = y(tick) else { continue }
            canvas.line(left, y, left + width, y, "gr")
            canvas.text(text, left - 5, y + size * 0.36, .end, "st")
        }
        drawAcross(on: &canvas)
        canvas.path(
            "M\(canvas.pair(left, top))V\(SVGText.number(bottom))h\(SVGText.number(width))", "ax")
        canvas.text(vertical.caption, 2, top - 10)
        canvas.text(horizontal.caption, left + width, bottom + 31, .end)
    }

    private func drawAcross(on canvas: inout SVGCanvas) {
        for (tick, text) in across.separateTicks(width: width) {
            guard let x = x(tick) else { continue }
            canvas.line(x, bottom, x, bottom + 4, "ax")
            let half = TextWidth.of(text, size: SVGCanvas.textSize) / 2
            let middle = min(x, left + width + 14 - half)
            canvas.text(text, middle, bottom + 16, .middle, "st")
        }
    }
}
