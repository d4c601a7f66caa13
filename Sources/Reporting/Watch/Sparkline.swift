/// A curve in one line of text.
enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Values in order, at most `width` characters: each stands for the mean of its part, the lowest
    /// bar for the least mean and the highest for the greatest. What is not finite is left out.
    static func text(_ values: [Double], width: Int) -> String {
        let means = thinned(values.filter(\.isFinite), to: width)
        guard let least = means.min(), let greatest = means.max() else { return "" }
        let range = greatest - least
        return String(
            means.map { mean in
                guard range > 0, range.isFinite else { return bars[3] }
                let level = (mean - least) / range * Double(bars.count - 1)
                return bars[Int(level.rounded())]
            })
    }

    /// At most `count` values, each the mean of the equal part it stands for.
    static func thinned(_ values: [Double], to count: Int) -> [Double] {
        guard count > 0 else { return [] }
        guard values.count > count else { return values }
        return (0..<count).map { part in
            let range = (part * values.count / count)..<((part + 1) * values.count / count)
            return values[range].reduce(0, +) / Double(range.count)
        }
    }
}
