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
    /// Address that its data socket binds to and peers connect to; `nil` for loopback when the
    /// coordinator is on loopback, else the address of the route to it.
    public var host: String?
    /// How its sockets are protected.
    public var security: Security
    /// End when standard input closes, so that no child outlives `peerless run`.
    public var endsWithParent: Bool
    /// How long to look for the coordinator at the start.
    public var connectTimeoutMilliseconds: Int
    /// Takes what people may want to know; standard error.
    public var logger: Logger

    /// Memberwise.
    public init(
        role: Role, coordinator: String, name: String, host: String? = nil,
        security: Security = .loopback,
        endsWithParent: Bool = false, connectTimeoutMilliseconds: Int = 30_000, logger: Logger
    ) {
        self.role = role
        self.coordinator = coordinator
        self.name = name
        self.host = host
        self.security = security
        self.endsWithParent = endsWithParent
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.logger = logger
    }
}

/// Heartbeats of the control plane.
enum Heartbeat {
    static let milliseconds = 1_000
    /// A node that says nothing for three heartbeats is lost.
    static let missed = 3
    /// A daemon that hears nothing for so long has lost its coordinator.
    static let coordinatorMissed = 10
}
