import Foundation
public import Sketching

/// How much a sketch's estimates are off, against what they are meant to find.
public enum SketchNoise {
    /// sigma / tau: the deviation of an estimate, `a * norm / sqrt(columns)`, against the least
    /// magnitude among the true top-k; `nil` where that is zero.
    ///
    /// - Parameters:
    ///   - norm: of the sketched vector.
    ///   - threshold: tau, in the same scale.
    public static func ratio(norm: Double, threshold: Double, shape: SketchShape) -> Double? {
        guard threshold > 0 else { return nil }
        return deviation(ofMedianOf: shape.rows) * norm / Double(shape.columns).squareRoot()
            / threshold
    }

    /// The deviation of the median of so many standard normal numbers, the mean of the two in the
    /// middle where the number is even: what a row's noise is to the median's, many coordinates to
    /// a cell provided. 1, 0.670, 0.536, 0.459 for 1, 3, 5, 7.
    public static func deviation(ofMedianOf rows: Int) -> Double {
        precondition(rows >= 1, "one row at least")
        let points = (-800...800).map { point(Double($0) / 100) }
        return (rows % 2 == 1 ? odd(rows, points) : even(rows, points)).squareRoot()
    }

    private struct Point {
        var value: Double
        var density: Double
        var below: Double
        var above: Double
    }

    private static func point(_ value: Double) -> Point {
        Point(
            value: value, density: exp(-value * value / 2),
            below: erfc(-value / 2.0.squareRoot()) / 2, above: erfc(value / 2.0.squareRoot()) / 2)
    }

    /// The variance of the middle order statistic.
    private static func odd(_ rows: Int, _ points: [Point]) -> Double {
        let others = Double(rows / 2)
        var (weight, sum) = (0.0, 0.0)
        for point in points {
            let share = point.density * pow(4 * point.below * point.above, others)
            weight += share
            sum += share * point.value * point.value
        }
        return sum / weight
    }

    /// The variance of the mean of the two middle order statistics, by their joint density.
    private static func even(_ rows: Int, _ points: [Point]) -> Double {
        let others = Double(rows / 2 - 1)
        let lower = points.map { $0.density * pow(2 * $0.below, others) }
        let upper = points.map { $0.density * pow(2 * $0.above, others) }
        var (weight, sum) = (0.0, 0.0)
        for first in points.indices {
            for second in first..<points.count {
                let share = lower[first] * upper[second] * (first == second ? 0.5 : 1)
                let mean = (points[first].value + points[second].value) / 2
                weight += share
                sum += share * mean * mean
            }
        }
        return sum / weight
    }
}
