import Statistics

/// One figure of one case, tested: before the correction for how many such there are.
struct Comparison {
    let test: String
    let first: Double
    let second: Double
    let interval: MedianRatio
    let significance: Significance

    /// The test is chosen by the numbers of runs alone, never by what they say: pairs where every
    /// run has a partner of its seed and so many pairs can be significant at all; ranks otherwise.
    ///
    /// - Parameters:
    ///   - questions: how many the level is shared among.
    ///   - level: chance to err over all of them.
    /// - Returns: `nil` when a side has no positive value, or more than the tests take.
    init?(_ pair: CasePair, _ metric: Metric, questions: Int, level: Double) {
        let (first, second) = pair.samples(metric)
        let pairs = pair.isPaired ? pair.sharedSeeds(metric) : []
        let isWhole = pairs.count == first.count && pairs.count == second.count
        let reachable = 2 * Self.smallestSignedRank(pairs.count) * Double(max(1, questions))
        let usesPairs = isWhole && !pairs.isEmpty && reachable <= level
        let (one, other) =
            usesPairs ? (pairs.map { $0.first }, pairs.map { $0.second }) : (first, second)
        let tested =
            usesPairs
            ? SignedRank.test(one, other) ?? Self.nothingDiffers(pairs.count)
            : MannWhitney.test(one, other)
        guard let tested, let low = Quantiles.median(one), let high = Quantiles.median(other),
            let interval = MedianRatio(one, other, paired: usesPairs)
        else { return nil }
        test = usesPairs ? "signed-rank" : "Mann-Whitney"
        self.first = low
        self.second = high
        self.interval = interval
        significance = tested
    }

    /// Half of all signs, for so many pairs.
    private static func smallestSignedRank(_ pairs: Int) -> Double {
        (0..<pairs).reduce(1.0) { share, _ in share / 2 }
    }

    /// Pairs that are all equal.
    private static func nothingDiffers(_ pairs: Int) -> Significance {
        Significance(
            statistic: 0, greater: 1, less: 1, smallestReachable: smallestSignedRank(pairs))
    }

    /// The evidence, once Holm's correction is known.
    func evidence(
        adjustedP: Double, questions: Int, noiseFloor: Double?
    ) -> Finding.Evidence {
        Finding.Evidence(
            test: test, lower: interval.lower, upper: interval.upper, p: significance.twoSided,
            adjustedP: adjustedP,
            smallestP: min(1, 2 * significance.smallestReachable * Double(questions)),
            noiseFloor: noiseFloor)
    }

    /// The fewest runs on either side with which ranks can be significant.
    static func fewestRuns(questions: Int, level: Double) -> Int {
        var runs = 1
        while 2 * Double(max(1, questions)) / ways(runs) > level { runs += 1 }
        return runs
    }

    /// Ways to choose `runs` of twice as many.
    private static func ways(_ runs: Int) -> Double {
        (0..<runs).reduce(1.0) { $0 * Double(2 * runs - $1) / Double(runs - $1) }
    }
}
