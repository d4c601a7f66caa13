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
    /// When the process was started, in nanoseconds of its machine's monotonic clock: of two that
    /// have one name on one machine, the later one is the restart.
    public var startedNanoseconds: UInt64
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
    /// Where a scheduler put the daemon among its kind, if it told.
    public var rankHint: Int?
    /// Whether experiments may kill, pause or slow this daemon.
    public var takesFaults = false
    /// The place in a run that the daemon still holds.
    public var place: Place?
    /// Sequence number of the oldest numbered message that the coordinator may still get.
    public var oldestSequence: UInt64 = 1
    /// Of the newest one that it has given a number; what comes later was said after this hello.
    public var newestSequence: UInt64 = 0
    /// Time between two of its heartbeats: what a coordinator told last, or what it begins with.
    public var beatMilliseconds = 1_000
    /// The public key that the sender's connection has proved to hold, put in by who receives it:
    /// never sent, so that nobody can claim one.
    public var publicKey: String?

    private enum CodingKeys: String, CodingKey {
        case role, name, version, pid, startedNanoseconds, host, bootID, network, memory, rankHint,
            takesFaults, place
        case oldestSequence, newestSequence, beatMilliseconds
    }

    /// A place in a run.
    public struct Place: Codable, Equatable, Sendable {
        /// Number of the run.
        public var run: Int64
        /// Identity of the run, as the assignment had it: another database has a run of the same
        /// number.
        public var identity: UInt64
        /// The newest generation that the daemon has heard of.
        public var generation: UInt32
        /// Its rank in the generation that it takes or took part in.
        public var rank: Int
        /// Its original place among the workers; a server's is the number of workers asked.
        public var slot: Int
        /// Whether it has stopped and waits for the coordinator's word.
        public var isHalted: Bool
        /// Whether it was given its rank in this generation, and not only asked to stop for it.
        public var isAssigned: Bool

        /// Memberwise.
        public init(
            run: Int64, identity: UInt64, generation: UInt32, rank: Int, slot: Int,
            isHalted: Bool, isAssigned: Bool = true
        ) {
            self.run = run
            self.identity = identity
            self.generation = generation
            self.rank = rank
            self.slot = slot
            self.isHalted = isHalted
            self.isAssigned = isAssigned
        }
    }

    /// Whether a daemon may have this name.
    public static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= ControlMessage.maximumNameBytes && !name.hasControls
    }

    /// Memberwise.
    public init(
        role: String, name: String, version: String, pid: Int, startedNanoseconds: UInt64 = 0,
        host: String, bootID: String, network: String = "", memory: String = "",
        rankHint: Int? = nil, place: Place? = nil
    ) {
        self.role = role
        self.name = name
        self.version = version
        self.pid = pid
        self.startedNanoseconds = startedNanoseconds
        self.host = host
        self.bootID = bootID
        self.network = network
        self.memory = memory
        self.rankHint = rankHint
        self.place = place
    }
}
