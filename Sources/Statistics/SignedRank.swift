/// The paired signed-rank test of Wilcoxon (1945), exact with and without ties.
///
/// Pairs without a difference are left out, as Wilcoxon did. Equal differences share midranks, and
/// the distribution is that of the observed midranks over all signs: counted, not approximated.
public enum SignedRank {
    /// Pairs with a difference that there may be: counting takes the cube of them.
    public static let largestCount = 200

    /// Whether `second[i]` tends to be greater than `first[i]`.
    ///
    /// - Returns: `nil` without a pair that differs, or with more than `largestCount`. The statistic
    ///   is the sum of the ranks of the pairs in which the second is greater.
    /// - Precondition: as many values on both sides.
    public static func test(_ first: [Double], _ second: [Double]) -> Significance? {
        precondition(first.count == second.count, "pairs")
        return test(differences: zip(first, second).map { $1 - $0 })
    }

    /// Whether differences tend to be above 0.
    public static func test(differences: [Double]) -> Significance? {
        let kept = differences.filter { $0 != 0 }
        guard !kept.isEmpty, kept.count <= largestCount else { return nil }
        let doubled = Quantiles.midranks(kept.map(\.magnitude)).map { Int(2 * $0) }
        let observed = zip(kept, doubled).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
        let total = doubled.reduce(0, +)
        var ways = Array(repeating: 0.0, count: total + 1)
        ways[0] = 1
        for rank in doubled {
            for sum in stride(from: total, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
        }
        let all = ways.reduce(0, +)
        return Significance(
            statistic: Double(observed) / 2,
            greater: ways[observed...].reduce(0, +) / all,
            less: ways[...observed].reduce(0, +) / all, smallestReachable: 1 / all)
    }
}
