/// How wide a text is set, so that labels can be kept apart without asking a browser. Widths are
/// those of DejaVu Sans, the widest of the usual sans-serif fonts: others need no more.
package enum TextWidth {
    /// Width in the unit of `size`.
    package static func of(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + em($1) } * size
    }

    private static func em(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", "'", ".", ",", ":", ";", "|", " ": 0.34
        case "f", "t", "r", "-", "(", ")", "[", "]", "/", "!": 0.42
        case "m", "M", "W", "@", "%": 1.0
        case "w", "C", "D", "G", "H", "N", "O", "Q", "U": 0.82
        case "+", "=", "<", ">", "~", "#": 0.84
        case "\u{20}"..."\u{7e}": 0.67
        case "\u{7f}"..."\u{2e7f}": 0.84
        default: 1.05
        }
    }

    /// The text, cut with an ellipsis where it would be wider.
    static func fitting(_ text: String, width: Double, size: Double) -> String {
        guard of(text, size: size) > width else { return text }
        var short = text
        while !short.isEmpty, of(short + "…", size: size) > width { short.removeLast() }
        return short + "…"
    }
}
