import ArgumentParser
import Cluster
import Foundation
import Logging
import RunStore
import Wire

/// Options that worker and server share.
struct DaemonArguments: ParsableArguments {
    @OptionGroup var coordinator: CoordinatorArguments
    @OptionGroup var listening: ListeningArguments

    @Option(help: "Name shown to people (default: role and a scheduler's rank, else host and pid).")
    var name: String?

    @Option(
        help: """
            Address or interface for the data socket, e.g. 10.0.0.7 or eth0 (default: the address of \
            the route to the coordinator).
            """)
    var host: String?

    @OptionGroup var dataPorts: DataPortArguments

    @Option(help: "Seconds to look for the coordinator at the start.")
    var connectTimeout: Int = 30

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel = .init(level: .info)

    @Option(help: "Seconds that a coordinator that was there once may be away.")
    var coordinatorTimeout: Int = 300

    @Option(help: "Folder of the checkpoints that experiments ask for.")
    var checkpoints = "checkpoints"

    @Flag(help: "Let experiments kill, pause or slow this daemon, as their faults say.")
    var faults = false

    @Flag(help: .hidden)
    var endsWithParent = false

    /// Runs a daemon of a role to its end.
    func run(_ role: DaemonOptions.Role) throws {
        try reporting {
            let daemon = try Daemon(options: options(role))
            if case .trouble(let reason) = daemon.run() {
                StandardError.print("peerless \(role.rawValue): \(reason)")
                throw ExitCode.runFailed
            }
        }
    }

    /// What the arguments, the environment and the scheduler come to.
    private func options(_ role: DaemonOptions.Role) throws -> DaemonOptions {
        let hints = SchedulerHints(environment: ProcessInfo.processInfo.environment)
        guard name.map(Hello.isName) != false else {
            throw ValidationError(
                "--name: found nothing, more than 1024 bytes or control characters; allowed: a name"
            )
        }
        let standing =
            name ?? hints.name(role: role.rawValue)
            ?? "\(role.rawValue)-\(HostFacts.hostName)-\(getpid())"
        let logger = logLevel.logger(standing)
        if let summary = hints.summary { logger.info("\(summary)") }
        for trouble in hints.troubles { logger.warning("\(trouble)") }
        let security = try listening.security(as: role == .worker ? .worker : .server)
        let endpoint = try coordinator.endpoint()
        let address = try ownAddress()
        try security.requireMayJoin(endpoint, host: address)
        var options = DaemonOptions(
            role: role, coordinator: endpoint, name: standing, host: address,
            rankHint: hints.rank, security: security, endsWithParent: endsWithParent,
            connectTimeoutMilliseconds: min(86_400, max(1, connectTimeout)) * 1_000,
            logger: logger)
        options.coordinatorTimeoutMilliseconds = min(86_400, max(1, coordinatorTimeout)) * 1_000
        options.dataPorts = try dataPorts.range()
        options.checkpoints = checkpoints
        options.takesFaults = faults
        CoordinatorLookout.warn(
            of: options.coordinator, host: address, untilSeconds: max(1, connectTimeout),
            logger: logger)
        return options
    }

    /// `--host` as an address, found wrong before anything is started.
    private func ownAddress() throws -> String? {
        do {
            return try host.map(HostAddress().own)
        } catch {
            throw ValidationError("\(error)")
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

    @Flag(
        inversion: .prefixedNo,
        help: "Take over runs that a coordinator left running when it ended; else they have failed."
    )
    var takeOver = true

    @Option(help: "Time between two heartbeats; a daemon that misses three is lost.")
    var heartbeat: Milliseconds = .init(1_000)

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: LogLevel = .init(level: .info)

    @Flag(help: .hidden)
    var endsWithParent = false

    func run() throws {
        try reporting {
            let security = try listening.security(as: .coordinator)
            var options = Coordinator.Options(
                bind: try endpoint(security), database: store.path, summaryOnly: summaryOnly,
                endsWithParent: endsWithParent, security: security,
                logger: logLevel.logger("coordinator"))
            options.takesOver = takeOver
            options.heartbeatMilliseconds = heartbeat.value
            let coordinator = try Coordinator(options: options)
            try say("listening on \(coordinator.endpoint)")
            do {
                try coordinator.run()
            } catch let error as StoreError {
                if let end = RecordingEnd(error) { try? say("\(end)") }
                throw error
            }
        }
    }

    private func say(_ line: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
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
