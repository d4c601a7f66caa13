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
        /// Latest test accuracy, 0 to 1.
        public var accuracy: Double?
        /// Why it waits, or why it failed.
        public var note: String?
        /// Generation of its membership.
        public var generation: UInt32 = 0
        /// Workers that take part now.
        public var workers = 0
        /// Faults of the experiment that were carried out.
        public var injected: [String] = []
        /// The daemons that carried them out, in the same order.
        public var injectedNodes: [String] = []

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
        /// Its rank in the running run; a server's is the number of workers asked.
        public var rank: Int?
        /// Seconds since it was last heard.
        public var silentSeconds = 0.0
        /// Steps it has told of.
        public var step: Int?
        /// Mean nanoseconds of its newest steps.
        public var phases: Phases?

        /// Memberwise.
        public init(name: String, role: String, host: String, pid: Int, run: Int64?) {
            self.name = name
            self.role = role
            self.host = host
            self.pid = pid
            self.run = run
        }
    }

    /// Mean nanoseconds of a step and its phases.
    public struct Phases: Codable, Equatable, Sendable {
        /// Wall time of the whole step.
        public var total = 0.0
        /// Forward and backward.
        public var compute = 0.0
        /// Before sending.
        public var encode = 0.0
        /// Sending, receiving and adding.
        public var exchange = 0.0
        /// Blocked on peers.
        public var wait = 0.0
        /// After receiving.
        public var decode = 0.0
        /// Optimiser.
        public var update = 0.0

        /// All zero.
        public init() {}

        /// Means over steps; `nil` without any.
        public init?(of steps: [StepRecord]) {
            guard !steps.isEmpty else { return nil }
            func mean(_ phase: KeyPath<StepRecord, Int64>) -> Double {
                steps.reduce(0) { $0 + Double($1[keyPath: phase]) } / Double(steps.count)
            }
            total = mean(\.total)
            compute = mean(\.compute)
            encode = mean(\.encode)
            exchange = mean(\.exchange)
            wait = mean(\.wait)
            decode = mean(\.decode)
            update = mean(\.update)
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
