public import Foundation

/// One change of a run's membership: what was lost or came, and what it cost.
public struct RecoveryRow: Codable, Equatable, Sendable {
    /// Why the membership changed.
    public enum Cause: String, Codable, CaseIterable, Sendable {
        case workerLost = "worker lost"
        case serverLost = "server lost"
        case workerJoined = "worker joined"
        case coordinatorLost = "coordinator lost"
        case resumed
    }

    /// Number of the run.
    public var run: Int64
    /// The new generation; a change that led to none has a number of its own.
    public var generation: Int
    /// Why.
    public var cause: Cause
    /// Name of the node it is about.
    public var node: String?
    /// Its place, from 0; `nil` for one that is no worker.
    public var slot: Int?
    /// When the experiment put the fault in; `nil` for one that came by itself.
    public var injectedAt: Date?
    /// When the coordinator knew.
    public var detectedAt: Date
    /// When the first step of the new generation was done; `nil` until then.
    public var recoveredAt: Date?
    /// From the fault to its detection, where the former is known.
    public var detectSeconds: Double?
    /// From the detection to the first step done.
    public var recoverSeconds: Double?
    /// First step of the new generation.
    public var step: Int
    /// Steps that had been done and were done again.
    public var stepsRedone = 0
    /// Samples whose gradients were lost, over all workers.
    public var samplesLost = 0
    /// Norm of the lost worker's residual when it was last told.
    public var residualNorm: Double?
    /// The step it was told at.
    public var residualStep: Int?
    /// Workers before.
    public var worldBefore: Int
    /// Workers after; none where the run ended with it.
    public var worldAfter: Int
    /// Mean training loss of up to 10 steps before `step`.
    public var lossBefore: Double?
    /// Mean training loss of up to 10 steps from `step`.
    public var lossAfter: Double?

    /// A change whose cost is not known yet.
    public init(
        run: Int64, generation: Int, cause: Cause, detectedAt: Date, step: Int, worldBefore: Int,
        worldAfter: Int
    ) {
        self.run = run
        self.generation = generation
        self.cause = cause
        self.detectedAt = detectedAt
        self.step = step
        self.worldBefore = worldBefore
        self.worldAfter = worldAfter
    }

    /// Whether it left what is computed as it was: another coordinator, and the same members.
    public var keepsBits: Bool { cause == .coordinatorLost && worldBefore == worldAfter }

    /// Whether nobody went on after it.
    public var endedRun: Bool { worldAfter == 0 && recoveredAt == nil }

    /// Writes every key, `null` where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run, forKey: .run)
        try container.encode(generation, forKey: .generation)
        try container.encode(cause, forKey: .cause)
        try container.encode(node, forKey: .node)
        try container.encode(slot, forKey: .slot)
        try container.encode(injectedAt, forKey: .injectedAt)
        try container.encode(detectedAt, forKey: .detectedAt)
        try container.encode(recoveredAt, forKey: .recoveredAt)
        try container.encode(detectSeconds, forKey: .detectSeconds)
        try container.encode(recoverSeconds, forKey: .recoverSeconds)
        try container.encode(step, forKey: .step)
        try container.encode(stepsRedone, forKey: .stepsRedone)
        try container.encode(samplesLost, forKey: .samplesLost)
        try container.encode(residualNorm, forKey: .residualNorm)
        try container.encode(residualStep, forKey: .residualStep)
        try container.encode(worldBefore, forKey: .worldBefore)
        try container.encode(worldAfter, forKey: .worldAfter)
        try container.encode(lossBefore, forKey: .lossBefore)
        try container.encode(lossAfter, forKey: .lossAfter)
    }
}
