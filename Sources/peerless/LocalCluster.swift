import ArgumentParser
import Cluster
import Experiment
import Foundation
import Logging
import Wire

/// Options of commands that start a cluster on this machine.
struct LocalClusterArguments: ParsableArguments {
    @Option(help: "Log level of the child processes.")
    var logLevel: LogLevel = .init(level: .warning)

    @Option(help: "Time between two heartbeats; a daemon that misses three is lost.")
    var heartbeat: Milliseconds = .init(1_000)

    func settings(database: String, summaryOnly: Bool, keys: String?) -> Launcher.Settings {
        var settings = Launcher.Settings(database: database)
        settings.summaryOnly = summaryOnly
        settings.keys = keys
        settings.logLevel = logLevel.level.rawValue
        settings.heartbeatMilliseconds = heartbeat.value
        return settings
    }
}

/// A time as an argument, as in 250ms or 2s.
struct Milliseconds: ExpressibleByArgument {
    let value: Int

    init(_ value: Int) {
        self.value = value
    }

    init?(argument: String) {
        guard let seconds = Units.seconds(argument), (0.01...60).contains(seconds) else {
            return nil
        }
        value = Int((seconds * 1000).rounded())
    }

    var defaultValueDescription: String { Units.text(seconds: Double(value) / 1000) }
}

/// A coordinator with its workers and server as child processes, and what keeps them going.
final class LocalCluster {
    let client: CoordinatorClient
    private let launcher: Launcher
    private let director: FaultDirector

    /// Starts as many daemons as the variants need.
    ///
    /// - Parameter hasFaults: whether the variants' faults are carried out; a run that goes on has had
    ///   its own.
    init(
        _ variants: [Variant], _ security: Security, _ settings: Launcher.Settings,
        hasFaults: Bool = true
    ) throws {
        launcher = try Launcher(settings)
        let endpoint = try launcher.startCoordinator()
        for index in 0..<(variants.map(\.workers).max() ?? 0) {
            try launcher.startDaemon("worker", name: "worker-\(index)")
        }
        if variants.contains(where: { $0.topology == .server }) {
            try launcher.startDaemon("server", name: "server-0")
        }
        client = try CoordinatorClient(endpoint: endpoint, security: security)
        director = FaultDirector(hasFaults ? variants : [], launcher: launcher, client: client)
    }

    /// Asks the coordinator; one that ended because it cannot record says so.
    func ask<Answer>(_ question: (CoordinatorClient) throws -> Answer) throws -> Answer {
        do {
            return try question(client)
        } catch {
            throw launcher.recordingEnd ?? error
        }
    }

    /// Shows the runs' progress until all have ended; starts again what ends by itself.
    func watch(_ runs: [Int64], _ interruption: StopFlag) throws -> [Board.Run] {
        let progress = ProgressLine()
        var watch = RunWatch(runs: runs, client: client, progress: progress)
        watch.pause = director.isNeeded ? 0.05 : 0.2
        var cancelled = false
        watch.check = { [launcher, director, client] current in
            if interruption.reason != nil, !cancelled {
                cancelled = true
                for run in runs.reversed() { try? client.cancel(run) }
            }
            for line in try director.follow(current) { progress.settle(line) }
            let started = try launcher.replaceDead(
                unless: director.rests, excused: director.hasKilled)
            for line in started { progress.settle(line) }
        }
        let ended = try watch.wait()
        if launcher.recordingEnd == nil { try client.shutdown() }
        return ended
    }

    /// Ends every child.
    func close() { launcher.close() }
}
