/// Numbers with units, as experiment files write them.
package enum Units {
    private static let bandwidths: [(String, Double)] = [
        ("gbit", 1e9), ("mbit", 1e6), ("kbit", 1e3), ("bit", 1), ("", 1),
    ]
    private static let sizes: [(String, Double)] = [
        ("GiB", 1_073_741_824), ("MiB", 1_048_576), ("KiB", 1024), ("B", 1), ("", 1),
    ]
    private static let times: [(String, Double)] = [
        ("us", 1e-6), ("ms", 1e-3), ("s", 1), ("", 1),
    ]

    package static func bitsPerSecond(_ text: String) -> Double? { number(text, bandwidths) }
    package static func bytes(_ text: String) -> Double? { number(text, sizes) }
    package static func seconds(_ text: String) -> Double? { number(text, times) }

    package static func text(bytes: Int) -> String { text(Double(bytes), sizes) }
    package static func text(bitsPerSecond: Double) -> String { text(bitsPerSecond, bandwidths) }

    package static func text(seconds: Double) -> String {
        let unit = seconds >= 1 ? times[2] : seconds >= 1e-3 ? times[1] : times[0]
        return compact((seconds / unit.1 * 1e6).rounded() / 1e6) + unit.0
    }

    static func text(number: Double) -> String { compact(number) }

    private static func text(_ value: Double, _ units: [(String, Double)]) -> String {
        let unit = units.first { value >= $0.1 && !$0.0.isEmpty } ?? units[units.count - 2]
        return compact(value / unit.1) + unit.0
    }

    private static func compact(_ value: Double) -> String {
        // Beyond 2^53 not every whole number is one of these.
        value == value.rounded() && value.magnitude <= 0x1p53 ? "\(Int(value))" : "\(value)"
    }

    private static func number(_ text: String, _ units: [(String, Double)]) -> Double? {
        for (unit, factor) in units where text.hasSuffix(unit) {
            guard let value = Double(text.dropLast(unit.count)), value >= 0,
                (value * factor).isFinite
            else { continue }
            return value * factor
        }
        return nil
    }
}
