import Simulation

/// Changes YAML and JSON by their tokens, so that most of what comes out still has their shape.
enum TextMutator {
    /// Numbers as text at which conversions break.
    static let numbers = [
        "0", "-0", "-1", "1", "2", "255", "256", "65536", "2147483648", "4294967296",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551615", "18446744073709551616", "1e3", "1e18", "1e19", "1e300", "1e308",
        "1e309", "-1e308", "1e-320", "0.1", "99999999999999999999999999999999", "nan", "inf",
        "-inf", "0x10", "1_000", "0b1", "1.", ".5", "+1", "1e", "١",
    ]

    static func mutate(
        _ bytes: inout [UInt8], other: [UInt8], words: [String], _ random: inout SeededGenerator
    ) {
        if random.below(6) == 0 {
            return ByteMutator.mutate(&bytes, other: other, fields: [], &random)
        }
        let tokens = tokens(of: bytes)
        guard !tokens.isEmpty else { return bytes += words[random.below(words.count)].utf8 }
        let token = tokens[random.below(tokens.count)]
        switch random.below(11) {
        case 0, 1: replace(&bytes, token, numbers[random.below(numbers.count)])
        case 2, 3: replace(&bytes, token, words[random.below(words.count)])
        case 4: bytes.removeSubrange(token)
        case 5:
            bytes.insert(contentsOf: words[random.below(words.count)].utf8, at: token.lowerBound)
        case 6: repeatRun(&bytes, from: token, to: tokens[random.below(tokens.count)], &random)
        case 7: swap(&bytes, token, tokens[random.below(tokens.count)])
        case 8: nest(&bytes, token, &random)
        case 9: alias(&bytes, token, &random)
        default: line(&bytes, &random)
        }
    }

    /// Runs of letters and digits, and every other byte by itself.
    static func tokens(of bytes: [UInt8]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            var end = start + 1
            while end < bytes.count, isWord(bytes[start]), isWord(bytes[end]) { end += 1 }
            if bytes[start] != UInt8(ascii: " ") { result.append(start..<end) }
            start = end
        }
        return result
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "%"),
            UInt8(ascii: "+"), 0x80...:
            true
        default: false
        }
    }

    private static func replace(_ bytes: inout [UInt8], _ token: Range<Int>, _ word: String) {
        bytes.replaceSubrange(token, with: word.utf8)
    }

    private static func repeatRun(
        _ bytes: inout [UInt8], from first: Range<Int>, to last: Range<Int>,
        _ random: inout SeededGenerator
    ) {
        let run = min(first.lowerBound, last.lowerBound)..<max(first.upperBound, last.upperBound)
        let times = random.below(32) == 0 ? random.below(3_000) : random.below(8)
        guard run.count * times <= 1 << 19 else { return }
        let copies = repeatElement(Array(bytes[run]), count: times).joined()
        bytes.insert(contentsOf: copies, at: run.upperBound)
    }

    private static func swap(_ bytes: inout [UInt8], _ one: Range<Int>, _ two: Range<Int>) {
        guard one.upperBound <= two.lowerBound else { return }
        let (first, second) = (Array(bytes[one]), Array(bytes[two]))
        bytes.replaceSubrange(two, with: first)
        bytes.replaceSubrange(one, with: second)
    }

    /// Wraps a token into lists or groups, mostly a few, at times very many.
    private static func nest(
        _ bytes: inout [UInt8], _ token: Range<Int>, _ random: inout SeededGenerator
    ) {
        let depth =
            switch random.below(40) {
            case 0: 20_000
            case 1: 900 + random.below(200)
            case 2: 500 + random.below(30)
            default: 1 + random.below(4)
            }
        let pairs = [("[", "]"), ("{\"a\":", "}"), ("{a: ", "}"), ("{? [", "]: 1}"), ("- ", "")]
        let (open, close) = pairs[random.below(pairs.count)]
        let closing = random.below(8) == 0 ? "" : String(repeating: close, count: depth)
        bytes.insert(contentsOf: closing.utf8, at: token.upperBound)
        bytes.insert(
            contentsOf: String(repeating: open, count: depth).utf8, at: token.lowerBound)
    }

    /// Names a node, refers to one, or begins the text with names that multiply what they stand for.
    private static func alias(
        _ bytes: inout [UInt8], _ token: Range<Int>, _ random: inout SeededGenerator
    ) {
        switch random.below(8) {
        case 0, 1, 2: bytes.insert(contentsOf: "&a\(random.below(3)) ".utf8, at: token.lowerBound)
        case 3, 4, 5: replace(&bytes, token, "*a\(random.below(3))")
        case 6: replace(&bytes, token, bomb(&random))
        default: bytes += "\n\(bomb(&random))\n".utf8
        }
    }

    private static func bomb(_ random: inout SeededGenerator) -> String {
        let isMapping = random.below(2) == 0
        let width = 2 + random.below(8)
        var text = "[&b0 x"
        for level in 1...(1 + random.below(30)) {
            let parts = (0..<width).map { "\(isMapping ? "k\($0): " : "")*b\(level - 1)" }
            let inner = parts.joined(separator: ", ")
            text += ", &b\(level) " + (isMapping ? "{\(inner)}" : "[\(inner)]")
            if random.below(8) == 0 { text += ", {*b\(level) : 1, ? *b\(level - 1) : 2}" }
        }
        return text + "]"
    }

    private static func line(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let place = random.below(lines.count)
        switch random.below(4) {
        case 0: lines.remove(at: place)
        case 1: lines.insert(lines[place], at: random.below(lines.count))
        case 2: lines.swapAt(place, random.below(lines.count))
        default: lines[place] = [UInt8(ascii: " "), UInt8(ascii: " ")] + lines[place]
        }
        bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }
}
