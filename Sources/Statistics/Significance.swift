/// What a test says of two samples.
public struct Significance: Equatable, Sendable {
    /// The test's statistic.
    public var statistic: Double
    /// Chance of a result at least as far to this side when nothing differs: that the second sample
    /// is greater.
    public var greater: Double
    /// The same for the second sample being less.
    public var less: Double
    /// Twice the smaller of the two, at most 1.
    public var twoSided: Double { min(1, 2 * min(greater, less)) }
    /// The smallest `greater` that samples of these sizes and ties could have given.
    public var smallestReachable: Double

    /// Memberwise.
    public init(statistic: Double, greater: Double, less: Double, smallestReachable: Double) {
        self.statistic = statistic
        self.greater = greater
        self.less = less
        self.smallestReachable = smallestReachable
    }
}
