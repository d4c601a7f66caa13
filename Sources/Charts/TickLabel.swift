import Glibc

/// Numbers beside an axis: as many decimals as tell neighbours apart, powers of ten where digits
/// would not fit.
public enum TickLabel {
    /// One text per tick.
    public static func texts(_ ticks: [Double]) -> [String] {
        let gaps = zip(ticks.dropFirst(), ticks).map { $0 - $1 }.filter { $0 > 0 }
        let isEven = gaps.allSatisfy { $0 < (gaps.first ?? 0) * 1.01 }
        return ticks.map { tick in
            text(tick, step: isEven ? gaps.first ?? tick.magnitude : tick.magnitude)
        }
    }

    /// A value whose neighbours are `step` away.
    public static func text(_ value: Double, step: Double) -> String {
        guard value.isFinite else { return "-" }
        if value == 0 { return "0" }
        if value.magnitude >= 1e6 || value.magnitude < 1e-4 { return scientific(value) }
        let digits = step > 0 ? (-log10(step) - 1e-9).rounded(.up) : 0
        return fixed(value, decimals: Int(min(max(digits, 0), 6)))
    }

    private static func scientific(_ value: Double) -> String {
        var exponent = Int(log10(value.magnitude).rounded(.down))
        var mantissa = value / pow(10, Double(exponent))
        if mantissa.magnitude >= 9.995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        var text = fixed(mantissa, decimals: 2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return "\(text)e\(exponent)"
    }

    /// Rounded to so many decimals; `-` for what has no such text.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = pow(10, Double(decimals))
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 1e15 else { return "-" }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        let whole = Int64(scaled / scale)
        guard decimals > 0 else { return "\(sign)\(whole)" }
        let rest = String(Int64(scaled) - whole * Int64(scale))
        return "\(sign)\(whole)." + String(repeating: "0", count: decimals - rest.count) + rest
    }
}
