import Statistics

/// The figure that stands for a run's steps.
public enum StepTime {
    /// Milliseconds of a typical step; `nil` of none.
    public static func milliseconds(nanoseconds: [Double]) -> Double? {
        Quantiles.median(nanoseconds).map { $0 / 1e6 }
    }
}
