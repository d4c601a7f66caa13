import Statistics

/// Whether one variant's steps take less time than the baseline's, over seeds.
///
/// Runs that share seeds are compared pair by pair where there are enough pairs for the signed-rank
/// test to find anything among so many variants; otherwise all runs, by the rank-sum test. That
/// depends on how many runs there are, never on their figures.
struct SpeedTest: Equatable {
    /// Which test.
    enum Kind: String, Codable {
        case signedRank = "signed-rank"
        case rankSum = "rank-sum"
    }

    /// A run's time per sample.
    struct Timing: Equatable {
        var seed: UInt64
        var value: Double
    }

    /// Chance of erring that is borne in a whole table.
    static let level = 0.05

    var kind: Kind
    /// Pairs of the signed-rank test.
    var pairs: Int
    /// Two-sided.
    var p: Double
    /// The smallest that so many runs could have reached.
    var smallestP: Double
    /// Median of the baseline over the variant's.
    var ratio: MedianRatio

    /// - Parameter questions: variants that are compared in one table.
    /// - Returns: `nil` without a run on both sides.
    init?(_ variant: [Timing], against baseline: [Timing], questions: Int) {
        let shared = Self.shared(variant, baseline)
        let isPaired = shared.count == variant.count && shared.count == baseline.count
        let (mine, others) = (variant.map(\.value), baseline.map(\.value))
        let ratio =
            isPaired
            ? MedianRatio(shared.map(\.mine), shared.map(\.other), paired: true)
            : MedianRatio(mine, others, paired: false)
        let signed = SignedRank.test(shared.map(\.mine), shared.map(\.other))
        let reaches = signed.map { 2 * $0.smallestReachable * Double(questions) <= Self.level }
        let usesPairs = reaches ?? false
        guard let ratio, let test = usesPairs ? signed : MannWhitney.test(mine, others) else {
            return nil
        }
        kind = usesPairs ? .signedRank : .rankSum
        pairs = usesPairs ? shared.count : 0
        p = test.twoSided
        smallestP = min(1, 2 * test.smallestReachable)
        self.ratio = ratio
    }

    /// Values of the seeds that both have exactly once, in the order of the seeds.
    private static func shared(
        _ variant: [Timing], _ baseline: [Timing]
    ) -> [(mine: Double, other: Double)] {
        func once(_ timings: [Timing]) -> [UInt64: Double] {
            Dictionary(grouping: timings, by: \.seed).compactMapValues {
                $0.count == 1 ? $0[0].value : nil
            }
        }
        let (mine, others) = (once(variant), once(baseline))
        return mine.keys.sorted().compactMap { seed in
            guard let value = mine[seed], let other = others[seed] else { return nil }
            return (value, other)
        }
    }

    /// - Parameters:
    ///   - adjusted: p after Holm's correction.
    ///   - noise: a share by which times may differ without its mattering.
    func verdict(adjusted: Double, noise: Double) -> Verdict {
        if adjusted <= Self.level, ratio.ratio != 1 {
            return ratio.ratio > 1 ? .faster : .slower
        }
        let room = 1 / (1 + noise)...1 + noise
        let isNarrow = room.contains(ratio.lower) && room.contains(ratio.upper)
        return isNarrow && smallestP <= Self.level ? .sameWithinNoise : .cannotTell
    }
}
