/// What daemons, clients and the coordinator say to each other.
///
/// ```
/// message = version(u8 = 2) json(ControlMessage)
/// daemon  : hello (welcome | refused) *(heartbeat | run) bye
///           ; a stranger's message is answered by introduce, and it says hello again
/// run     : assign ready start *(metrics | evaluation) done      ; coordinator may cancel at any time
/// client  : (submit accepted) | (status board) | (cancelRun acknowledged) | (shutdown acknowledged)
///           ; any of them may be answered by refused
/// ```
public enum ControlMessage: Codable, Equatable, Sendable {
    // Daemon to coordinator.
    case hello(Hello)
    case heartbeat
    case ready(Ready)
    case metrics(run: Int64, rank: Int, steps: [StepRecord])
    case evaluation(run: Int64, rank: Int, EvaluationPart)
    case done(run: Int64, rank: Int, Outcome)
    case bye
    // Coordinator to daemon.
    case welcome(heartbeatMilliseconds: Int)
    case refused(reason: String)
    case introduce
    case assign(Assignment)
    case start(run: Int64, endpoints: [String])
    case cancel(run: Int64, reason: String)
    case stop
    // Client to coordinator, and its answers.
    case submit([RunRequest])
    case accepted(runs: [Int64])
    case status
    case board(Board)
    case cancelRun(Int64)
    case acknowledged
    case shutdown
}

/// A daemon introduces itself.
public struct Hello: Codable, Equatable, Sendable {
    /// "worker" or "server".
    public var role: String
    /// Name shown to people; unique among the coordinator's daemons.
    public var name: String
    /// Version of the binary; must equal the coordinator's.
    public var version: String
    /// Process id on its host.
    public var pid: Int
    /// Host name.
    public var host: String
    /// Identity of the booted machine: nodes of one boot share a monotonic clock.
    public var bootID: String
    /// Identity of the network namespace: abstract unix sockets are seen within one only; empty
    /// where the system has none.
    public var network: String
    /// Identity of those who can share memory: processes of equal ones map each other's; empty
    /// where this one cannot.
    public var memory: String

    /// Memberwise.
    public init(
        role: String, name: String, version: String, pid: Int, host: String, bootID: String,
        network: String = "", memory: String = ""
    ) {
        self.role = role
        self.name = name
        self.version = version
        self.pid = pid
        self.host = host
        self.bootID = bootID
        self.network = network
        self.memory = memory
    }
}

/// The coordinator gives a node its place in a run.
public struct Assignment: Codable, Equatable, Sendable {
    /// Number of the run in the store.
    public var run: Int64
    /// Random identity that data frames carry.
    public var identity: UInt64
    /// Membership generation.
    public var generation: UInt32
    /// The node's rank; a server's is the world size.
    public var rank: Int
    /// Number of workers.
    public var worldSize: Int
    /// Seed of the run.
    public var seed: UInt64
    /// Whether all nodes of the run are on one host, where a unix socket reaches them.
    public var oneHost: Bool
    /// Whether all nodes of the run can map each other's memory.
    public var sharesMemory: Bool
    /// The variant as JSON.
    public var config: String

    /// Memberwise.
    public init(
        run: Int64, identity: UInt64, generation: UInt32, rank: Int, worldSize: Int, seed: UInt64,
        oneHost: Bool, sharesMemory: Bool = false, config: String
    ) {
        self.run = run
        self.identity = identity
        self.generation = generation
        self.rank = rank
        self.worldSize = worldSize
        self.seed = seed
        self.oneHost = oneHost
        self.sharesMemory = sharesMemory
        self.config = config
    }
}

/// A node is prepared: model made, data loaded, data socket bound.
public struct Ready: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
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
        run: Int64, rank: Int, endpoint: String, parameters: Int, steps: Int, dataChecksum: UInt64
    ) {
        self.run = run
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

/// How a node's part of a run ended.
public enum Outcome: Codable, Equatable, Sendable {
    /// Every step done; checksum of the final parameters (0 on a server).
    case completed(checksum: UInt64)
    /// In words.
    case failed(reason: String)
    /// Told to stop.
    case cancelled
}

/// A client asks for one run.
public struct RunRequest: Codable, Equatable, Sendable {
    /// Experiment name.
    public var experiment: String
    /// The experiment file's text.
    public var experimentText: String
    /// The variant as JSON.
    public var config: String
    /// Seed of the run.
    public var seed: UInt64

    /// Memberwise.
    public init(experiment: String, experimentText: String, config: String, seed: UInt64) {
        self.experiment = experiment
        self.experimentText = experimentText
        self.config = config
        self.seed = seed
    }
}

/// What the coordinator knows at this moment.
public struct Board: Codable, Equatable, Sendable {
    /// A run on the board.
    public struct Run: Codable, Equatable, Sendable {
        /// Number in the store.
        public var id: Int64
        /// Experiment name.
        public var experiment: String
        /// Variant name.
        public var variant: String
        /// Seed.
        public var seed: UInt64
        /// queued, running, completed, failed or cancelled.
        public var status: String
        /// Steps done.
        public var step: Int
        /// Steps asked.
        public var steps: Int
        /// Samples per second over the last steps.
        public var samplesPerSecond: Double
        /// Latest mean training loss.
        public var loss: Double?
        /// Why it waits, or why it failed.
        public var note: String?

        /// A run that waits.
        public init(id: Int64, experiment: String, variant: String, seed: UInt64) {
            self.id = id
            self.experiment = experiment
            self.variant = variant
            self.seed = seed
            status = "queued"
            step = 0
            steps = 0
            samplesPerSecond = 0
        }
    }

    /// A daemon on the board.
    public struct Node: Codable, Equatable, Sendable {
        /// Its name.
        public var name: String
        /// "worker" or "server".
        public var role: String
        /// Its host.
        public var host: String
        /// Process id.
        public var pid: Int
        /// Run it works on.
        public var run: Int64?

        /// Memberwise.
        public init(name: String, role: String, host: String, pid: Int, run: Int64?) {
            self.name = name
            self.role = role
            self.host = host
            self.pid = pid
            self.run = run
        }
    }

    /// Runs of this coordinator's life, oldest first.
    public var runs: [Run]
    /// Connected daemons by name.
    public var nodes: [Node]
    /// The database the coordinator writes.
    public var database: String
    /// The coordinator's wall clock, in seconds since 1970.
    public var now: Double
    /// Version of the coordinator's binary.
    public var version: String

    /// Memberwise.
    public init(
        runs: [Run], nodes: [Node], database: String, now: Double = 0, version: String = ""
    ) {
        self.now = now
        self.version = version
        self.runs = runs
        self.nodes = nodes
        self.database = database
    }
}
