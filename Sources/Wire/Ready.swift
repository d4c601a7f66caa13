/// A node is prepared: model made, data loaded, data socket bound.
public struct Ready: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// Identity of the run, as the assignment had it: a run that is queued again begins with the
    /// generation that it began with before.
    public var identity: UInt64
    /// Membership generation.
    public var generation: UInt32
    /// The node's rank.
    public var rank: Int
    /// Where peers reach its data socket.
    public var endpoint: String
    /// Parameters of its model.
    public var parameters: Int
    /// Steps the run will take.
    public var steps: Int
    /// Checksum of the data set, equal on every node.
    public var dataChecksum: UInt64

    /// Memberwise.
    public init(
        run: Int64, identity: UInt64, generation: UInt32 = 0, rank: Int, endpoint: String,
        parameters: Int, steps: Int, dataChecksum: UInt64
    ) {
        self.run = run
        self.identity = identity
        self.generation = generation
        self.rank = rank
        self.endpoint = endpoint
        self.parameters = parameters
        self.steps = steps
        self.dataChecksum = dataChecksum
    }
}

/// One worker's slice of an evaluation on the whole test set.
public struct EvaluationPart: Codable, Equatable, Sendable {
    /// Steps done when the evaluation ran.
    public var step: Int
    /// Training clock in seconds, evaluations excluded.
    public var seconds: Double
    /// Samples in the slice.
    public var count: Int
    /// Sum of losses over the slice.
    public var lossSum: Double
    /// Right predictions in the slice.
    public var correct: Int

    /// Memberwise.
    public init(step: Int, seconds: Double, count: Int, lossSum: Double, correct: Int) {
        self.step = step
        self.seconds = seconds
        self.count = count
        self.lossSum = lossSum
        self.correct = correct
    }
}

/// How a node's part of a generation ended.
public enum Outcome: Codable, Equatable, Sendable {
    /// Every step done; checksum of the final parameters (0 on a server).
    case completed(checksum: UInt64)
    /// In words; another try would not help.
    case failed(reason: String)
    /// A peer was silent or could not be reached: whose fault that is, the coordinator decides.
    case peerTrouble(peer: Int?, reason: String)
    /// Told to stop.
    case cancelled
}
