/// Everything known of one run but its steps.
public struct RunDetail: Codable, Equatable, Sendable {
    /// What was asked.
    public var description: RunDescription
    /// Its line in a comparison, without a speed-up.
    public var summary: ComparisonRow
    /// When it was queued: ISO 8601, UTC.
    public var createdAt: String
    /// When it started.
    public var startedAt: String?
    /// When it ended.
    public var finishedAt: String?
    /// In the order of steps.
    public var evaluations: [EvaluationRow]
    /// In the order of steps; none where the run was not observed.
    public var observations: [ObservationRow] = []
    /// In the order of recording.
    public var events: [EventRow]
    /// In the order of generations and ranks.
    public var nodes: [NodeRow]
    /// In the order of generations.
    public var recoveries: [RecoveryRow]
    /// In the order of steps and ranks.
    public var checkpoints: [CheckpointRow]

    /// Memberwise.
    public init(
        description: RunDescription, summary: ComparisonRow, createdAt: String, startedAt: String?,
        finishedAt: String?, evaluations: [EvaluationRow], events: [EventRow], nodes: [NodeRow],
        recoveries: [RecoveryRow] = [], checkpoints: [CheckpointRow] = []
    ) {
        self.description = description
        self.summary = summary
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.evaluations = evaluations
        self.events = events
        self.nodes = nodes
        self.recoveries = recoveries
        self.checkpoints = checkpoints
    }
}
