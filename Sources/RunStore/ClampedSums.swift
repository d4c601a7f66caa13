/// Sums over rows. What one node may tell of a step is bounded, but not of how many steps: their sum
/// stays at the type's greatest or least value, where a plain one would end the process.
extension FixedWidthInteger {
    /// The sum, or the value next to it.
    package func addingClamped(_ other: Self) -> Self {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the value next to it.
    package func subtractingClamped(_ other: Self) -> Self {
        let (difference, isOver) = subtractingReportingOverflow(other)
        return isOver ? (other < 0 ? .max : .min) : difference
    }

    /// The product, or the value next to it.
    package func multipliedClamped(by other: Self) -> Self {
        let (product, isOver) = multipliedReportingOverflow(by: other)
        return isOver ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}

extension Int64 {
    /// The whole part, or the value next to it; 0 of what is no number.
    package init(clamping value: Double) {
        self =
            value.isNaN
            ? 0 : Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }
}
