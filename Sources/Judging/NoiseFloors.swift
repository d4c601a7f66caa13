import Statistics

/// How far apart two runs of one case on one machine are when nothing differs, by calibration.
public struct NoiseFloors: Equatable, Sendable {
    private struct Key: Hashable {
        var caseHash: String
        var contextHash: String
        var metric: Metric
    }

    private var floors: [Key: Double] = [:]

    /// None known.
    public init() {}

    /// Takes the floor of one figure of a case in a context.
    public mutating func set(
        _ floor: Double, caseHash: String, contextHash: String, metric: Metric
    ) {
        floors[Key(caseHash: caseHash, contextHash: contextHash, metric: metric)] = floor
    }

    /// The floor of pairs of single runs: the distance from 1 of the ratio that 19 of 20 A/A pairs
    /// stay within; `nil` for fewer than 2 pairs or a value that is not positive.
    public static func floor(pairs: [(first: Double, second: Double)]) -> Double? {
        guard pairs.count > 1, pairs.allSatisfy({ $0.first > 0 && $0.second > 0 }) else {
            return nil
        }
        // Both ways round: which of the two was called the first is chance.
        let distances = pairs.map { max($0.first / $0.second, $0.second / $0.first) - 1 }
        return Quantiles.quantile(distances, 0.95)
    }

    /// What is left of that floor between medians of as many runs as the smaller side has. A median
    /// of n values scatters about 1.25 / sqrt(n) times as much as one of them.
    func floor(of pair: CasePair, _ metric: Metric) -> Double? {
        guard let run = pair.candidate.first,
            let floor = floors[
                Key(caseHash: run.caseHash, contextHash: run.contextHash, metric: metric)]
        else { return nil }
        let runs = min(pair.baseline.count, pair.candidate.count)
        guard runs > 1 else { return floor }
        return floor * min(1, 1.25 / Double(runs).squareRoot())
    }
}
