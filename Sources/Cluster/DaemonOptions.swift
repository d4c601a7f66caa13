public import Logging

/// What a worker or server daemon is started with.
public struct DaemonOptions: Sendable {
    /// What a daemon is.
    public enum Role: String, Sendable {
        /// Trains a replica.
        case worker
        /// Sums in the middle of a star.
        case server
    }

    /// Worker or server.
    public var role: Role
    /// Where the coordinator listens, e.g. `tcp://127.0.0.1:5555`.
    public var coordinator: String
    /// Name shown to people.
    public var name: String
    /// Address, or interface, that its data socket binds to and peers connect to; `nil` for
    /// loopback when the coordinator is on loopback, else the address of the route to it.
    public var host: String?
    /// Ports that its data socket may take; `nil` for those of the system's choice.
    public var dataPorts: PortRange?
    /// Where a scheduler put the daemon among its kind, if it told.
    public var rankHint: Int?
    /// How its sockets are protected.
    public var security: Security
    /// End when standard input closes, so that no child outlives `peerless run`.
    public var endsWithParent: Bool
    /// How long to look for the coordinator at the start.
    public var connectTimeoutMilliseconds: Int
    /// How long a coordinator that was there once may be away.
    public var coordinatorTimeoutMilliseconds = 300_000
    /// Folder of checkpoints.
    public var checkpoints = "checkpoints"
    /// Whether experiments may kill, pause or slow this daemon.
    public var takesFaults = false
    /// Takes what people may want to know; standard error.
    public var logger: Logger

    /// Memberwise.
    public init(
        role: Role, coordinator: String, name: String, host: String? = nil,
        rankHint: Int? = nil, security: Security = .loopback, endsWithParent: Bool = false,
        connectTimeoutMilliseconds: Int = 30_000, logger: Logger
    ) {
        self.role = role
        self.coordinator = coordinator
        self.name = name
        self.host = host
        self.rankHint = rankHint
        self.security = security
        self.endsWithParent = endsWithParent
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.logger = logger
    }
}
