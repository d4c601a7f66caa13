import Foundation
import Synchronization

/// Starts daemons of this machine as children and ends every one of them.
///
/// Each child's standard input is a pipe that only this process holds open: when it closes, by
/// `close()` or by this process's death of any kind, the child ends.
public final class Launcher {
    private struct Child {
        let name: String
        let process: Process
        let lifeline: Pipe
        /// How to start it again; nobody starts a coordinator again.
        var daemon: DaemonRecipe?
    }

    private struct DaemonRecipe {
        let role: String
        let name: String
        let coordinator: String
        let logLevel: String
        var life = 1
    }

    /// A daemon that ends more often than this has a trouble that another start does not cure.
    private static let maximumLives = 4

    private let executable: URL
    private let keyArguments: [String]
    private var children: [Child] = []

    /// Children run this very binary.
    ///
    /// - Parameter keys: folder of keys for coordinator and daemons.
    public init(keys: String? = nil) throws {
        keyArguments = keys.map { ["--keys", $0] } ?? []
        guard
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else {
            throw ClusterError("the path of this program is not known; is /proc mounted?")
        }
        executable = URL(fileURLWithPath: path)
    }

    deinit {
        close()
    }

    /// Starts a coordinator on a port that the system chooses; its endpoint.
    public func startCoordinator(
        database: String, summaryOnly: Bool = false, logLevel: String
    ) throws -> String {
        let output = Pipe()
        try start(
            "coordinator",
            [
                "coordinator", "--bind", "tcp://127.0.0.1:*", "--db", database,
                "--ends-with-parent", "--log-level", logLevel,
            ] + (summaryOnly ? ["--summary-only"] : []) + keyArguments, output: output)
        let reader = LineReader(descriptor: output.fileHandleForReading.fileDescriptor)
        let line = reader.line(withinMilliseconds: 15_000)
        let announced = "listening on "
        guard let line, line.hasPrefix(announced) else {
            throw ClusterError("the coordinator did not start; its message is above")
        }
        return String(line.dropFirst(announced.count))
    }

    /// Starts a worker or server daemon.
    public func startDaemon(_ role: String, name: String, coordinator: String, logLevel: String)
        throws
    {
        try start(
            DaemonRecipe(role: role, name: name, coordinator: coordinator, logLevel: logLevel))
    }

    /// Starts a child that talks with this process in lines: what it reads and what it prints.
    func startTalker(_ name: String, _ arguments: [String]) throws -> (input: Pipe, output: Pipe) {
        let output = Pipe()
        let input = try start(name, arguments, output: output)
        return (input, output)
    }

    /// Starts again what ended by itself, under a new name, because the coordinator may still wait
    /// for the old one; a line for people about each.
    ///
    /// - Throws: `ClusterError` when the coordinator ended, or a daemon for the fourth time.
    public func replaceDead() throws -> [String] {
        let dead = children.filter { !$0.process.isRunning }
        children.removeAll { !$0.process.isRunning }
        return try dead.map { child in
            let process = child.process
            let way = process.terminationReason == .uncaughtSignal ? "signal" : "status"
            let end =
                "\(child.name) (pid \(process.processIdentifier)) ended with \(way) "
                + "\(process.terminationStatus)"
            guard var recipe = child.daemon, recipe.life < Self.maximumLives else {
                throw ClusterError(end)
            }
            recipe.life += 1
            try start(recipe)
            return "\(end); started \(recipe.name).\(recipe.life) in its place"
        }
    }

    /// Ends every child: closes its lifeline, waits, and kills what is left.
    public func close(withinMilliseconds: Int = 6_000) {
        for child in children { try? child.lifeline.fileHandleForWriting.close() }
        let deadline = MonotonicClock.now() + UInt64(withinMilliseconds) * 1_000_000
        while children.contains(where: \.process.isRunning), MonotonicClock.now() < deadline {
            MonotonicClock.sleep(nanoseconds: 10_000_000)
        }
        for child in children where child.process.isRunning {
            kill(child.process.processIdentifier, SIGKILL)
        }
        for child in children { child.process.waitUntilExit() }
        children.removeAll()
    }

    private func start(_ recipe: DaemonRecipe) throws {
        let name = recipe.life == 1 ? recipe.name : "\(recipe.name).\(recipe.life)"
        try start(
            name,
            [
                recipe.role, "--coordinator", recipe.coordinator, "--name", name, "--host",
                "127.0.0.1", "--ends-with-parent", "--log-level", recipe.logLevel,
            ] + keyArguments, output: nil, daemon: recipe)
    }

    @discardableResult
    private func start(
        _ name: String, _ arguments: [String], output: Pipe?, daemon: DaemonRecipe? = nil
    ) throws -> Pipe {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
        let lifeline = Pipe()
        // A lifeline that a later child inherits would keep this child alive.
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        process.standardInput = lifeline
        if let output { process.standardOutput = output }
        do {
            try process.run()
        } catch {
            throw ClusterError("\(name) could not be started: \(error.localizedDescription)")
        }
        children.append(
            Child(name: name, process: process, lifeline: lifeline, daemon: daemon))
        return lifeline
    }
}
