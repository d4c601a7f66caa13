import Foundation

/// Student's t distribution and the test of unequal variances.
public enum StudentT {
    /// The two-sided p of Welch's test (1947) that two samples have one mean; 1 when both are
    /// constant and equal, 0 when both are constant and differ, `nil` with fewer than 2 values each.
    public static func welch(_ first: [Double], _ second: [Double]) -> Double? {
        guard first.count > 1, second.count > 1 else { return nil }
        let (one, other) = (moments(first), moments(second))
        let (v1, v2) = (one.variance / Double(first.count), other.variance / Double(second.count))
        guard v1 + v2 > 0 else { return one.mean == other.mean ? 1 : 0 }
        let t = (other.mean - one.mean) / (v1 + v2).squareRoot()
        let freedom =
            (v1 + v2) * (v1 + v2)
            / (v1 * v1 / Double(first.count - 1) + v2 * v2 / Double(second.count - 1))
        return twoSided(t: t, degreesOfFreedom: freedom)
    }

    /// Chance of a value at least as far from 0 as `t`.
    public static func twoSided(t: Double, degreesOfFreedom n: Double) -> Double {
        incompleteBeta(n / (n + t * t), n / 2, 0.5)
    }

    private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, squares / Double(values.count - 1))
    }

    /// The regularised incomplete beta function I_x(a, b), by the continued fraction DLMF 8.17.22.
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        // The fraction converges quickly only on this side of the mean.
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let logBeta: Double = lgamma(a) + lgamma(b) - lgamma(a + b)
        let logFront: Double = a * log(x) + b * log(1 - x) - logBeta
        let front = exp(logFront) / a
        // Evaluated from its tail: 200 terms are far more than double precision needs.
        var tail = 1.0
        for term in stride(from: 200, through: 1, by: -1) {
            let m = Double(term / 2)
            let below: Double = (a + 2 * m - 1) * (a + 2 * m)
            let above: Double = (a + 2 * m) * (a + 2 * m + 1)
            let even: Double = m * (b - m) * x / below
            let odd: Double = -(a + m) * (a + b + m) * x / above
            let coefficient = term.isMultiple(of: 2) ? even : odd
            tail = 1 + coefficient / tail
        }
        return front / tail
    }
}
