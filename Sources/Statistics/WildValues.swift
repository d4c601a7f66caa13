/// Single values of a history that are far off those around them, such as a measurement that another
/// program disturbed: one of them can hide a change of level from means and variances.
public enum WildValues {
    /// Values on either side that one is held against.
    static let reach = 2
    /// Times the usual step from value to value that a wild one is off: beyond 9 deviations of
    /// normal noise, where the usual step is about one.
    static let factor = 10.0

    /// Their places, in order. The first two values of a new level are none, if they are two; of a
    /// history that mostly stands still, nothing is.
    public static func places(in values: [Double]) -> [Int] {
        let steps = zip(values, values.dropFirst()).map { ($1 - $0).magnitude }
        guard let usual = Quantiles.median(steps), usual > 0 else { return [] }
        return values.indices.filter { distance(of: $0, in: values) > factor * usual }
    }

    /// From the middle of the values around a place, itself included; of two middle ones, from the
    /// nearer.
    private static func distance(of place: Int, in values: [Double]) -> Double {
        let around = max(0, place - reach)...min(values.count - 1, place + reach)
        let sorted = values[around].sorted()
        let middles = [sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2]]
        return middles.map { (values[place] - $0).magnitude }.min() ?? 0
    }
}
