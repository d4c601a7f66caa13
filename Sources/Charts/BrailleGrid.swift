/// Dots, two across and four down in every character (Unicode's Braille patterns), with letters
/// over them.
struct BrailleGrid {
    let columns: Int
    let rows: Int
    private var dots: [UInt8]
    private var letters: [Int: Character] = [:]

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        dots = Array(repeating: 0, count: columns * rows)
    }

    var dotsAcross: Int { columns * 2 }
    var dotsUp: Int { rows * 4 }

    /// Sets a dot; (0, 0) is at the lower left. Outside is nowhere.
    mutating func set(_ x: Int, _ y: Int) {
        guard (0..<dotsAcross).contains(x), (0..<dotsUp).contains(y) else { return }
        let down = dotsUp - 1 - y
        let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        dots[down / 4 * columns + x / 2] |= bits[down % 4][x % 2]
    }

    /// Sets the dots between two.
    mutating func line(from: (x: Int, y: Int), to: (x: Int, y: Int)) {
        let count = max(abs(to.x - from.x), abs(to.y - from.y), 1)
        for part in 0...count {
            let share = Double(part) / Double(count)
            set(
                from.x + Int((Double(to.x - from.x) * share).rounded()),
                from.y + Int((Double(to.y - from.y) * share).rounded()))
        }
    }

    /// Puts a letter over the character of a dot, unless there is one.
    mutating func letter(_ letter: Character, at place: (x: Int, y: Int)) {
        guard (0..<dotsAcross).contains(place.x), (0..<dotsUp).contains(place.y) else { return }
        let index = (dotsUp - 1 - place.y) / 4 * columns + place.x / 2
        if letters[index] == nil { letters[index] = letter }
    }

    /// The rows from the top.
    var lines: [String] {
        (0..<rows).map { row in
            String(
                (0..<columns).map { column in
                    let index = row * columns + column
                    if let letter = letters[index] { return letter }
                    guard dots[index] != 0,
                        let scalar = Unicode.Scalar(0x2800 + UInt32(dots[index]))
                    else { return " " }
                    return Character(scalar)
                })
        }
    }
}
