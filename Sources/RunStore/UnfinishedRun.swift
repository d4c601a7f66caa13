/// A run that is queued or running, with all that a coordinator needs to take it up.
public struct UnfinishedRun: Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// What was asked.
    public var description: RunDescription
    /// Queued or running.
    public var status: RunStatus
    /// The bits that its data frames carry; `nil` before it first started.
    public var identity: UInt64?
    /// Its newest generation, from 0.
    public var generation: Int
    /// Number of model parameters, once known.
    public var parameters: Int?
    /// The processes of the newest generation that was recorded, by rank.
    public var nodes: [NodeRow]
    /// The processes of every generation, oldest first.
    public var history: [NodeRow]
    /// Highest step recorded per rank.
    public var newestSteps: [Int: Int]
}
