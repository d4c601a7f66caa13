import Charts

/// Numbers as people read them: about three digits that matter, `-` where unknown.
enum Figures {
    static let unknown = "-"

    /// Rounded to so many decimals, or with a power of ten where no decimal would matter.
    static func fixed(_ value: Double?, decimals: Int) -> String {
        guard let value, value.isFinite else { return unknown }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 1e15 else { return TickLabel.text(value, step: value.magnitude) }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        let whole = Int64(scaled / scale)
        guard decimals > 0 else { return "\(sign)\(whole)" }
        let rest = String(Int64(scaled) - whole * Int64(scale))
        return "\(sign)\(whole)." + String(repeating: "0", count: decimals - rest.count) + rest
    }

    /// Milliseconds, seconds, rates: decimals until three digits matter, at most two.
    static func short(_ value: Double?) -> String {
        guard let value else { return unknown }
        return fixed(value, decimals: value.magnitude >= 100 ? 0 : value.magnitude >= 10 ? 1 : 2)
    }

    /// A ratio such as `7.1x`.
    static func times(_ value: Double?) -> String {
        guard let value else { return unknown }
        return fixed(value, decimals: value >= 100 ? 0 : value >= 2 ? 1 : 2) + "x"
    }

    /// A change such as `+7.1 %`.
    static func percent(_ value: Double?) -> String {
        guard let value else { return unknown }
        return (value > 0 ? "+" : "") + fixed(value, decimals: value.magnitude >= 100 ? 0 : 1)
            + " %"
    }

    /// A p-value: four decimals, and no more is said of one below.
    static func probability(_ value: Double?) -> String {
        guard let value else { return unknown }
        return value < 0.0001 ? "<0.0001" : fixed(value, decimals: 4)
    }

    /// Bytes in powers of 1024.
    static func bytes(_ value: Double?) -> String {
        guard let value else { return unknown }
        var amount = value
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if amount < 1000 {
                return (unit == "B" ? fixed(amount, decimals: 0) : short(amount)) + " " + unit
            }
            amount /= 1024
        }
        return "\(short(amount)) TiB"
    }

    /// The speed of a link in powers of 1000.
    static func bitsPerSecond(_ value: Double?) -> String {
        guard let value else { return unknown }
        var amount = value
        for unit in ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"] {
            if amount < 1000 { return "\(short(amount)) \(unit)" }
            amount /= 1000
        }
        return "\(short(amount)) Tbit/s"
    }

    /// A count with a comma after every three digits.
    static func grouped(_ count: Int) -> String {
        let digits = Array(String(count.magnitude))
        var text = count < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
