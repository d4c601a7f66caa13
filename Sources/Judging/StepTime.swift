import Statistics

/// The figure that stands for a run's steps.
public enum StepTime {
    /// What a tenth of the steps stay below. What else the machine does only ever adds to a step, and
    /// often to most steps of a run: among equal runs this scatters less than the median.
    static let share = 0.1

    /// Milliseconds of a step that nothing disturbed; `nil` of none.
    public static func milliseconds(nanoseconds: [Double]) -> Double? {
        Quantiles.quantile(nanoseconds, share).map { $0 / 1e6 }
    }
}
