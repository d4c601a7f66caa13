import Glibc

/// From values to positions: linear or logarithmic, over a range that data decides.
public struct Scale: Equatable, Sendable {
    /// The least and the greatest value that has a position.
    public let range: ClosedRange<Double>
    /// Whether equal ratios are equal distances.
    public let isLogarithmic: Bool

    /// Covers what is finite, and positive for a logarithm, with ends at round numbers where that
    /// costs little room. Without such a value the range is 0 to 1, or 1 to 10.
    public init(covering values: [Double], isLogarithmic: Bool = false, fromZero: Bool = false) {
        self.isLogarithmic = isLogarithmic
        let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
        guard let least = usable.min(), let greatest = usable.max() else {
            range = isLogarithmic ? 1...10 : 0...1
            return
        }
        // Beyond these, widths and ratios are no numbers any more.
        func drawn(_ value: Double) -> Double {
            min(max(value, isLogarithmic ? 1e-300 : -1e300), 1e300)
        }
        var (low, high) = (drawn(least), drawn(greatest))
        if isLogarithmic {
            range = low == high ? low / 2...high * 2 : low...high
            return
        }
        if fromZero { (low, high) = (min(low, 0), max(high, 0)) }
        if low == high {
            let room = low == 0 ? 1 : abs(low) / 2
            (low, high) = (fromZero && low >= 0 ? 0 : low - room, high + room)
        }
        let step = Self.roundStep((high - low) / 5)
        let (below, above) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
        let isTight = low - below < step / 2
        range = (isTight ? below : low)...(above - high < step / 2 ? above : high)
    }

    /// Where a value lies: 0 at the low end, 1 at the high end; `nil` outside, and for what is not
    /// finite.
    public func fraction(_ value: Double) -> Double? {
        guard range.contains(value) else { return nil }
        if isLogarithmic {
            return log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
        }
        return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    /// Round numbers inside the range, in order, `count` at most but two where the range has them.
    public func ticks(atMost count: Int) -> [Double] {
        let count = max(count, 2)
        guard isLogarithmic else { return linearTicks(atMost: count) }
        for mantissas in [[1.0, 2, 5], [1.0, 3], [1.0]] {
            let ticks = powers(times: mantissas, every: 1)
            if ticks.count <= count, ticks.count >= 2 { return ticks }
        }
        let decades = powers(times: [1], every: 1).count
        guard decades > count else { return linearTicks(atMost: count) }
        return powers(times: [1], every: (decades + count - 1) / count)
    }

    private func linearTicks(atMost count: Int) -> [Double] {
        let width = range.upperBound - range.lowerBound
        var step = Self.roundStep(width / Double(count))
        while true {
            let first = (range.lowerBound / step - 1e-9).rounded(.up)
            let last = (range.upperBound / step + 1e-9).rounded(.down)
            if last - first < Double(count) {
                guard last >= first else { return [] }
                return stride(from: first, through: last, by: 1).map { number in
                    min(max(number * step, range.lowerBound), range.upperBound)
                }
            }
            step = Self.roundStep(step * 1.01)
        }
    }

    private func powers(times mantissas: [Double], every stride: Int) -> [Double] {
        let first = Int(log10(range.lowerBound).rounded(.down))
        let last = Int(log10(range.upperBound).rounded(.up))
        return (first...max(first, last)).flatMap { exponent -> [Double] in
            guard exponent.isMultiple(of: stride) else { return [] }
            return mantissas.map { $0 * pow(10, Double(exponent)) }.filter(range.contains)
        }
    }

    /// The least of 1, 2 and 5 times a power of ten that is not less.
    package static func roundStep(_ atLeast: Double) -> Double {
        guard atLeast > 0, atLeast.isFinite else { return 1 }
        let power = pow(10, log10(atLeast).rounded(.down))
        for factor in [1.0, 2, 5, 10] where factor * power >= atLeast * (1 - 1e-12) {
            return factor * power
        }
        return 10 * power
    }
}
