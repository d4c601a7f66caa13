/// The coordinator gives a node its place in one generation of a run.
public struct Assignment: Codable, Equatable, Sendable {
    /// Number of the run in the store.
    public var run: Int64
    /// Identity of the run across stores and machines, by which its checkpoints are found.
    public var uuid = ""
    /// Random identity that data frames carry.
    public var identity: UInt64
    /// Membership generation.
    public var generation: UInt32
    /// The node's rank; a server's is the world size.
    public var rank: Int
    /// The node's original place: of the workers asked for, this one; stays over the generations.
    public var slot: Int
    /// Number of workers in this generation.
    public var worldSize: Int
    /// Seed of the run.
    public var seed: UInt64
    /// Whether all nodes of the run are on one host, where a unix socket reaches them.
    public var oneHost: Bool
    /// Whether all nodes of the run can map each other's memory.
    public var sharesMemory: Bool
    /// The variant as JSON.
    public var config: String
    /// Where the generation takes up the run; `nil` for its beginning.
    public var origin: Origin?

    /// A state that the members of a generation start from.
    public struct Origin: Codable, Equatable, Sendable {
        /// The state itself.
        public var state: HeldState
        /// Rank that gives parameters and optimiser state to those who are new, if any is.
        public var seededBy: Int?
        /// Whether this node is new and has nothing but what it is given.
        public var isNew: Bool
        /// Whether no evaluation of the state is on record: who told a part of it was lost with that
        /// part, and members that evaluate it do so again.
        public var lacksEvaluation: Bool
        /// Whether the run was resumed, and so has had its faults.
        public var isResumed: Bool

        /// Memberwise.
        public init(
            state: HeldState, seededBy: Int?, isNew: Bool, lacksEvaluation: Bool,
            isResumed: Bool = false
        ) {
            self.state = state
            self.seededBy = seededBy
            self.isNew = isNew
            self.lacksEvaluation = lacksEvaluation
            self.isResumed = isResumed
        }
    }

    /// Memberwise.
    public init(
        run: Int64, uuid: String = "", identity: UInt64, generation: UInt32, rank: Int,
        slot: Int? = nil, worldSize: Int, seed: UInt64, oneHost: Bool, sharesMemory: Bool = false,
        config: String, origin: Origin? = nil
    ) {
        self.run = run
        self.uuid = uuid
        self.identity = identity
        self.generation = generation
        self.rank = rank
        self.slot = slot ?? rank
        self.worldSize = worldSize
        self.seed = seed
        self.oneHost = oneHost
        self.sharesMemory = sharesMemory
        self.config = config
        self.origin = origin
    }
}

/// The state between two steps that a node can go back to.
public struct HeldState: Codable, Equatable, Sendable {
    /// Steps done.
    public var step: Int
    /// Checksum of the parameters; 0 on a server.
    public var checksum: UInt64
    /// Epoch of the data.
    public var epoch: Int
    /// Samples of the epoch that were dealt already.
    public var offset: Int

    /// Memberwise.
    public init(step: Int, checksum: UInt64, epoch: Int = 0, offset: Int = 0) {
        self.step = step
        self.checksum = checksum
        self.epoch = epoch
        self.offset = offset
    }
}

/// A node has stopped and tells which states it holds.
public struct Held: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// The generation that is being gathered.
    public var generation: UInt32
    /// Newest first.
    public var states: [HeldState]
    /// Steps begun, the one that was broken off included.
    public var begun: Int
    /// Where checkpoints were looked for, in words; `nil` where they were not.
    public var searched: String?

    /// Memberwise.
    public init(
        run: Int64, generation: UInt32, states: [HeldState], begun: Int, searched: String? = nil
    ) {
        self.run = run
        self.generation = generation
        self.states = states
        self.begun = begun
        self.searched = searched
    }
}

/// A node has written a checkpoint.
public struct CheckpointNote: Codable, Equatable, Sendable {
    /// Steps done.
    public var step: Int
    /// Workers of the generation.
    public var worldSize: Int
    /// Path on the node's host.
    public var path: String
    /// Length of the file.
    public var bytes: Int
    /// Time that writing took.
    public var nanoseconds: Int64
    /// Checksum of the parameters; 0 on a server.
    public var checksum: UInt64

    /// Memberwise.
    public init(
        step: Int, worldSize: Int, path: String, bytes: Int, nanoseconds: Int64, checksum: UInt64
    ) {
        self.step = step
        self.worldSize = worldSize
        self.path = path
        self.bytes = bytes
        self.nanoseconds = nanoseconds
        self.checksum = checksum
    }
}
