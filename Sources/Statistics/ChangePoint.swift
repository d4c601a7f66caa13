/// A place at which a history takes a new level.
public struct ChangePoint: Equatable, Sendable {
    /// Of the first value of the new level.
    public var place: Int
    /// The two-sided p of Welch's test of both sides, as they were when the place was found.
    public var p: Double

    /// Memberwise.
    public init(place: Int, p: Double) {
        self.place = place
        self.p = p
    }
}
