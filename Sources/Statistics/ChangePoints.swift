/// Where a history changes its level: E-divisive (Matteson and James 2014) with a t-test in place of
/// its random permutations, as Fleming and others (2023) do for histories of benchmarks, so that the
/// same history always gives the same answer.
public enum ChangePoints {
    /// Values on either side of a change, at least.
    public static let shortestSegment = 3
    /// Largest p of a change. Small, since the place that is tested was picked as the best of all.
    public static let level = 0.001

    /// The fewest values among which there can be a change.
    public static var shortestHistory: Int { 2 * shortestSegment }

    /// The places at which a new level begins, in order.
    public static func places(in values: [Double]) -> [Int] {
        changes(in: values).map(\.place)
    }

    /// The same, each with its p.
    public static func changes(in values: [Double]) -> [ChangePoint] {
        search(values, 0..<values.count)
    }

    private static func search(_ values: [Double], _ range: Range<Int>) -> [ChangePoint] {
        guard let place = bestSplit(values, range) else { return [] }
        let p = StudentT.welch(
            Array(values[range.lowerBound..<place]), Array(values[place..<range.upperBound]))
        guard let p, p <= level else { return [] }
        return search(values, range.lowerBound..<place) + [ChangePoint(place: place, p: p)]
            + search(values, place..<range.upperBound)
    }

    /// The split with the largest energy divergence (their equation 6, exponent 1).
    private static func bestSplit(_ values: [Double], _ range: Range<Int>) -> Int? {
        var best: (place: Int, divergence: Double)?
        let first = range.lowerBound + shortestSegment
        let last = range.upperBound - shortestSegment
        guard first <= last else { return nil }
        for place in first...last {
            let divergence = divergence(
                values[range.lowerBound..<place], values[place..<range.upperBound])
            if divergence > best?.divergence ?? 0 { best = (place, divergence) }
        }
        return best?.place
    }

    private static func divergence(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>)
        -> Double
    {
        let (n, m) = (Double(left.count), Double(right.count))
        let between = distances(left, right) / (n * m)
        let within = distances(left, left) / (n * (n - 1)) + distances(right, right) / (m * (m - 1))
        return n * m / (n + m) * (2 * between - within)
    }

    /// Sum of the distances of all ordered pairs.
    private static func distances(_ some: ArraySlice<Double>, _ others: ArraySlice<Double>)
        -> Double
    {
        some.reduce(0) { sum, value in
            others.reduce(sum) { $0 + ($1 - value).magnitude }
        }
    }
}
