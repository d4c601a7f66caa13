import ArgumentParser
import Cluster
import Foundation
import Logging

/// Options that worker and server share.
struct DaemonArguments: ParsableArguments {
    @OptionGroup var coordinator: CoordinatorArguments
    @OptionGroup var listening: ListeningArguments

    @Option(help: "Name shown to people (default: role, host and process id).")
    var name: String?

    @Option(help: "Address for the data socket (default: that of the route to the coordinator).")
    var host: String?

    @Option(help: "Seconds to look for the coordinator at the start.")
    var connectTimeout: Int = 30

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel = .init(level: .info)

    @Flag(help: .hidden)
    var endsWithParent = false

    /// Runs a daemon of a role to its end.
    func run(_ role: DaemonOptions.Role) throws {
        try reporting {
            let standing = name ?? "\(role.rawValue)-\(HostFacts.hostName)-\(getpid())"
            let security = try listening.security(as: role == .worker ? .worker : .server)
            let endpoint = try coordinator.endpoint()
            try security.requireMayJoin(endpoint, host: host)
            let daemon = try Daemon(
                options: DaemonOptions(
                    role: role, coordinator: endpoint, name: standing, host: host,
                    security: security, endsWithParent: endsWithParent,
                    connectTimeoutMilliseconds: max(1, connectTimeout) * 1_000,
                    logger: logLevel.logger(standing)))
            if case .trouble(let reason) = daemon.run() {
                StandardError.print("peerless \(role.rawValue): \(reason)")
                throw ExitCode.runFailed
            }
        }
    }
}

/// A log level as an argument.
struct LogLevel: ExpressibleByArgument {
    var level: Logger.Level

    init(level: Logger.Level) {
        self.level = level
    }

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument) else { return nil }
        self.level = level
    }

    var defaultValueDescription: String { level.rawValue }

    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }

    /// A logger on standard error.
    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}

/// `peerless worker`.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Train a replica for a coordinator, run after run.")

    @OptionGroup var arguments: DaemonArguments

    func run() throws { try arguments.run(.worker) }
}

/// `peerless server`.
struct ServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Be the parameter server of runs that need one.")

    @OptionGroup var arguments: DaemonArguments

    func run() throws { try arguments.run(.server) }
}

/// `peerless coordinator`.
struct CoordinatorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Queue runs, assign ranks to daemons and record every step.")

    @Option(
        help: """
            Where to listen (default: tcp://*:5555 with --keys or --insecure, else \
            tcp://127.0.0.1:5555).
            """)
    var bind: String?

    @OptionGroup var listening: ListeningArguments
    @OptionGroup var store: StoreOptions

    @Flag(help: "Keep every run's summary, but no row per step.")
    var summaryOnly = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel = .init(level: .info)

    @Flag(help: .hidden)
    var endsWithParent = false

    func run() throws {
        try reporting {
            let security = try listening.security(as: .coordinator)
            let coordinator = try Coordinator(
                options: .init(
                    bind: try endpoint(security), database: store.path, summaryOnly: summaryOnly,
                    endsWithParent: endsWithParent, security: security,
                    logger: logLevel.logger("coordinator")))
            let line = "listening on \(coordinator.endpoint)\n"
            try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
            try coordinator.run()
        }
    }

    private func endpoint(_ security: Security) throws -> String {
        if let bind { return bind }
        guard case .loopback = security else { return "tcp://*:5555" }
        StandardError.print(
            "peerless coordinator: without keys it listens on this machine only; for others \(Security.remedy)"
        )
        return "tcp://127.0.0.1:5555"
    }
}
