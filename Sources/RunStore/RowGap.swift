/// Steps that a node took part in and that it has no rows of.
public struct RowGap: Equatable, Sendable, CustomStringConvertible {
    /// Name of the node.
    public var name: String
    /// Rank on record.
    public var rank: Int
    /// Rows that are missing.
    public var count: Int
    /// Where they are missing.
    public var steps: ClosedRange<Int>

    /// In words, for people.
    public var description: String {
        let span =
            steps.count == 1
            ? "step \(steps.lowerBound)" : "steps \(steps.lowerBound) to \(steps.upperBound)"
        let share = count == steps.count ? "" : "\(count) of "
        return "rank \(rank) has no rows of \(share)\(span): it was lost before it had told them, "
            + "and was not back before the run's end"
    }
}
