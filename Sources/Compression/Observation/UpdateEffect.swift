/// What an update did to the weights.
public struct UpdateEffect: Equatable, Sendable {
    /// Weights at which the update is not zero.
    public var applied: Int
    /// Those of them that kept every bit: the change was too small for a float, or the rate is zero.
    public var unchanged: Int

    /// Compares the weights on both sides of the optimiser's step.
    public init(
        of update: UnsafeBufferPointer<Float>, before: UnsafeBufferPointer<Float>,
        after: UnsafeBufferPointer<Float>
    ) {
        precondition(
            update.count == before.count && update.count == after.count,
            "an update and two values for every weight")
        var (applied, unchanged) = (0, 0)
        for index in 0..<update.count where update[index] != 0 {
            applied += 1
            if before[index].bitPattern == after[index].bitPattern { unchanged += 1 }
        }
        self.applied = applied
        self.unchanged = unchanged
    }

    /// Share of the updates that change nothing: 1 where there is none at all.
    public var unchangedShare: Double {
        applied == 0 ? 1 : Double(unchanged) / Double(applied)
    }
}
