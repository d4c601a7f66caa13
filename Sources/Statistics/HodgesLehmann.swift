/// Estimates of a shift that few wild values cannot move (Hodges and Lehmann 1963).
public enum HodgesLehmann {
    /// The middle of differences: the median of the means of all pairs of them, each with itself
    /// included; `nil` of none. Belongs to the signed-rank test.
    public static func center(_ differences: [Double]) -> Double? {
        var means: [Double] = []
        means.reserveCapacity(differences.count * (differences.count + 1) / 2)
        for (place, value) in differences.enumerated() {
            for other in differences[place...] { means.append((value + other) / 2) }
        }
        return Quantiles.median(means)
    }

    /// How far the second sample lies above the first: the median of all differences between a value
    /// of the second and one of the first; `nil` when one is empty. Belongs to the rank-sum test.
    public static func shift(_ first: [Double], _ second: [Double]) -> Double? {
        Quantiles.median(second.flatMap { value in first.map { value - $0 } })
    }
}
