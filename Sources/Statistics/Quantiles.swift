/// Order statistics. Values must be finite.
public enum Quantiles {
    /// The middle of the values, or the mean of the two middle ones; `nil` of none.
    public static func median(_ values: [Double]) -> Double? {
        quantile(values, 0.5)
    }

    /// The value below which the share `share` lies, interpolated linearly between neighbours;
    /// `nil` of no values.
    ///
    /// Definition 7 of Hyndman and Fan (1996), which is NumPy's and R's default.
    public static func quantile(_ values: [Double], _ share: Double) -> Double? {
        precondition((0...1).contains(share), "a share is from 0 to 1")
        guard !values.isEmpty else { return nil }
        return quantile(sorted: values.sorted(), share)
    }

    static func quantile(sorted: [Double], _ share: Double) -> Double {
        let place = Double(sorted.count - 1) * share
        let lower = Int(place.rounded(.down))
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
    }

    /// The mean of what is left without the share `share` of the values at either end, rounded down
    /// to whole values; `nil` of none.
    public static func trimmedMean(_ values: [Double], trimming share: Double) -> Double? {
        precondition((0..<0.5).contains(share), "less than half is trimmed at either end")
        guard !values.isEmpty else { return nil }
        let cut = Int(Double(values.count) * share)
        let kept = values.sorted()[cut..<(values.count - cut)]
        return kept.reduce(0, +) / Double(kept.count)
    }

    /// Ranks from 1; equal values share the mean of theirs.
    package static func midranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = Array(repeating: 0.0, count: values.count)
        var first = 0
        while first < order.count {
            var last = first
            while last + 1 < order.count, values[order[last + 1]] == values[order[first]] {
                last += 1
            }
            for place in first...last { ranks[order[place]] = Double(first + last) / 2 + 1 }
            first = last + 1
        }
        return ranks
    }
}
