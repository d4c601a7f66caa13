/// Elements of a picture in the order in which they are painted.
struct SVGCanvas {
    /// Size of the letters.
    static let textSize = 11.0

    /// Which end of a text its position is.
    enum Anchor: String { case start, middle, end }

    private(set) var body = ""

    mutating func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ classes: String
    ) {
        path("M\(pair(x1, y1))L\(pair(x2, y2))", classes)
    }

    mutating func path(_ commands: String, _ classes: String, dash: String = "") {
        let dash = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
        body += "<path class=\"\(classes)\" d=\"\(commands)\"\(dash)/>"
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ classes: String,
        opacity: Double? = nil
    ) {
        let n = SVGText.number
        let opacity = opacity.map { " fill-opacity=\"\(TickLabel.fixed($0, decimals: 2))\"" } ?? ""
        body +=
            "<rect class=\"\(classes)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" "
            + "height=\"\(n(height))\"\(opacity)/>"
    }

    mutating func text(
        _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start,
        _ classes: String = "tx", size: Double = textSize
    ) {
        let anchor = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        body +=
            "<text class=\"\(classes)\" x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" "
            + "font-size=\"\(SVGText.number(size))\"\(anchor)>\(SVGText.escaped(text))</text>"
    }

    /// One of seven shapes around a point; hollow or filled.
    mutating func marker(_ index: Int, _ x: Double, _ y: Double, hollow: Bool = false) {
        let r = 3.6
        let commands =
            switch index % 7 {
            case 0: "M\(pair(x - r, y))a\(r) \(r) 0 1 0 \(2 * r) 0a\(r) \(r) 0 1 0 \(-2 * r) 0Z"
            case 1: "M\(pair(x - r, y - r))h\(2 * r)v\(2 * r)h\(-2 * r)Z"
            case 2: "M\(pair(x, y - r - 0.6))l\(r + 0.6) \(2 * r)h\(-2 * (r + 0.6))Z"
            case 3:
                "M\(pair(x, y - r - 1))l\(r + 1) \(r + 1)l\(-r - 1) \(r + 1)l\(-r - 1) \(-r - 1)Z"
            case 4: "M\(pair(x, y + r + 0.6))l\(r + 0.6) \(-2 * r)h\(-2 * (r + 0.6))Z"
            case 5: "M\(pair(x - r, y - r))l\(2 * r) \(2 * r)m0 \(-2 * r)l\(-2 * r) \(2 * r)"
            default:
                "M\(pair(x - r - 0.6, y))h\(2 * r + 1.2)M\(pair(x, y - r - 0.6))v\(2 * r + 1.2)"
            }
        let number = index % Palette.seriesColours
        path(commands, "mk l\(number) " + (hollow ? "ho" : "f\(number)"))
    }

    func pair(_ x: Double, _ y: Double) -> String { "\(SVGText.number(x)) \(SVGText.number(y))" }
}
