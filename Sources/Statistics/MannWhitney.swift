/// The rank-sum test of Mann and Whitney (1947), exact with and without ties.
///
/// With ties the ranks are midranks, and the distribution is that of the observed midranks over all
/// ways to deal them to the two samples (Streitberg and Röhmel 1986): counted, not approximated.
public enum MannWhitney {
    /// Values that both samples may have together: counting takes their product times their sum.
    public static let largestTotal = 200

    /// Whether values of `second` tend to be greater than those of `first`.
    ///
    /// - Returns: `nil` when a sample is empty or both together are more than `largestTotal`. The
    ///   statistic is U of the second sample: pairs in which it is greater, equal ones by halves.
    public static func test(_ first: [Double], _ second: [Double]) -> Significance? {
        let total = first.count + second.count
        guard !first.isEmpty, !second.isEmpty, total <= largestTotal else { return nil }
        // Twice the midranks: whole numbers, which can be counted.
        let doubled = Quantiles.midranks(first + second).map { Int(2 * $0) }
        let observed = doubled[first.count...].reduce(0, +)
        let ways = RankSums(drawing: second.count, of: doubled)
        let least = second.count * (second.count + 1)
        return Significance(
            statistic: Double(observed - least) / 2,
            greater: ways.share(atLeast: observed), less: ways.share(atMost: observed),
            smallestReachable: ways.share(atLeast: ways.greatest))
    }
}

/// How many ways there are to draw so many of some ranks, by the sum drawn.
struct RankSums {
    /// By sum; relative, since the numbers themselves outgrow every integer.
    private let ways: [Double]

    init(drawing count: Int, of ranks: [Int]) {
        let largest = ranks.sorted().suffix(count).reduce(0, +)
        var table = Array(
            repeating: Array(repeating: 0.0, count: largest + 1), count: count + 1)
        table[0][0] = 1
        for (seen, rank) in ranks.enumerated() {
            for drawn in stride(from: min(count, seen + 1), through: 1, by: -1) {
                guard rank <= largest else { continue }
                for sum in rank...largest { table[drawn][sum] += table[drawn - 1][sum - rank] }
            }
        }
        ways = table[count]
    }

    /// The greatest sum there is.
    var greatest: Int { ways.lastIndex { $0 > 0 } ?? 0 }

    func share(atLeast sum: Int) -> Double {
        ways[max(0, sum)...].reduce(0, +) / ways.reduce(0, +)
    }

    func share(atMost sum: Int) -> Double {
        ways[...min(sum, ways.count - 1)].reduce(0, +) / ways.reduce(0, +)
    }
}
