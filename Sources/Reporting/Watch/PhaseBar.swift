import Wire

/// Where a step's time goes, as a bar of characters.
enum PhaseBar {
    private typealias Part = (
        name: String, mark: Character, nanoseconds: KeyPath<Board.Phases, Double>
    )

    private static var parts: [Part] {
        [
            ("compute", "█", \.compute), ("encode", "▓", \.encode), ("exchange", "▒", \.exchange),
            ("wait", "░", \.wait), ("decode", "▞", \.decode), ("update", "·", \.update),
        ]
    }

    /// What the characters mean.
    static var legend: String {
        parts.map { "\($0.mark) \($0.name)" }.joined(separator: "  ")
    }

    /// So many characters, dealt to the phases by largest remainder; spaces without any time.
    static func text(_ phases: Board.Phases, width: Int) -> String {
        let times = parts.map { max(0, phases[keyPath: $0.nanoseconds]) }
        let sum = times.reduce(0, +)
        guard sum > 0, sum.isFinite, width > 0 else {
            return String(repeating: " ", count: max(0, width))
        }
        let shares = times.map { $0 / sum * Double(width) }
        var counts = shares.map { Int($0) }
        let byRemainder = shares.indices.sorted {
            let (a, b) = (shares[$0] - Double(counts[$0]), shares[$1] - Double(counts[$1]))
            return a == b ? $0 < $1 : a > b
        }
        for index in byRemainder.prefix(width - counts.reduce(0, +)) { counts[index] += 1 }
        return zip(parts, counts).map { String(repeating: $0.mark, count: $1) }.joined()
    }
}
