public import Logging

/// What a dashboard is started with.
public struct DashboardOptions: Sendable {
    /// Address that it listens on.
    public var host = "127.0.0.1"
    /// Port that it listens on; 0 lets the system choose.
    public var port = 8080
    /// Further names that requests may call it by.
    public var names: [String] = []
    /// Path of the database, which is only read, and may come later.
    public var database: String
    /// Time between two looks for changes, while somebody listens for them.
    public var pollMilliseconds = 1_000
    /// Within which a client has to send a whole request, and to take what is written to it.
    public var clientMilliseconds = 30_000
    /// Connections at once; more wait.
    public var connections = 128
    /// Streams of events at once; more are refused.
    public var listeners = 64
    /// Takes what people may want to know.
    public var logger: Logger

    /// A dashboard of a database, on loopback.
    public init(database: String, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool { HostNames.isLoopback(host) }
}
