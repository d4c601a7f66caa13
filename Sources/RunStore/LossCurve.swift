/// Losses of a run in the order of steps.
public struct LossCurve: Equatable, Sendable {
    /// Mean training losses of equal parts of the steps, of rank 0.
    public var losses: [Double]
    /// The last step on record; -1 without any.
    public var lastStep: Int
}
