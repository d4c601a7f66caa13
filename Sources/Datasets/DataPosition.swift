/// Where a step's global batch begins: enough to go on dealing samples there, with any number of
/// workers.
public struct DataPosition: Codable, Equatable, Sendable {
    /// The beginning of a run.
    public static let start = DataPosition(step: 0, epoch: 0, offset: 0)

    /// Number of the step.
    public var step: Int
    /// Epoch that its batch is taken from.
    public var epoch: Int
    /// Samples of that epoch that were dealt already.
    public var offset: Int

    /// Memberwise.
    public init(step: Int, epoch: Int, offset: Int) {
        self.step = step
        self.epoch = epoch
        self.offset = offset
    }
}
