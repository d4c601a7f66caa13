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
        /// How to start it again, if that may be done.
        var recipe: Recipe?
        /// What it prints, of one that says where it listens.
        var words: LineReader?
    }

    private struct Recipe {
        var arguments: [String]
        var announces: Bool
        var life = 1
    }

    /// What every daemon of a launcher is started with.
    public struct Settings: Sendable {
        /// Path of the database; checkpoints go beside it.
        public var database: String
        /// Keep no row per step.
        public var summaryOnly = false
        /// Log level of the children.
        public var logLevel = "warning"
        /// Time between two heartbeats.
        public var heartbeatMilliseconds = 1_000
        /// Folder of keys for coordinator and daemons.
        public var keys: String?

        var keyArguments: [String] { keys.map { ["--keys", $0] } ?? [] }

        /// With the defaults.
        public init(database: String) { self.database = database }
    }

    /// A daemon that ends more often than this by itself has a trouble that another start does not
    /// cure.
    private static let maximumLives = 4

    private let settings: Settings
    private let executable: URL
    private var children: [Child] = []
    /// Ended daemons that are to stay so for now.
    private var resting: [Child] = []
    private var endpoint = ""
    private var lastWords: RecordingEnd?

    /// Children run this very binary.
    public init(_ settings: Settings) throws {
        guard
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else {
            throw ClusterError("the path of this program is not known; is /proc mounted?")
        }
        self.settings = settings
        executable = URL(fileURLWithPath: path)
    }

    deinit {
        close()
    }

    /// Starts a coordinator on a port that the system chooses; its endpoint.
    public func startCoordinator() throws -> String {
        var arguments =
            [
                "coordinator", "--bind", "tcp://127.0.0.1:*", "--db", settings.database,
                "--ends-with-parent", "--log-level", settings.logLevel, "--heartbeat",
                "\(settings.heartbeatMilliseconds)ms",
            ] + settings.keyArguments
        if settings.summaryOnly { arguments.append("--summary-only") }
        endpoint = try startAnnouncing("coordinator", arguments + ["--no-take-over"])
        // Another start finds the same port, the same database, and what was running.
        arguments[2] = endpoint
        if let position = children.firstIndex(where: { $0.name == "coordinator" }) {
            children[position].recipe = Recipe(arguments: arguments, announces: true)
        }
        return endpoint
    }

    /// Starts a worker or server daemon.
    public func startDaemon(_ role: String, name: String) throws {
        let arguments =
            [
                role, "--coordinator", endpoint, "--name", name, "--host", "127.0.0.1",
                "--ends-with-parent", "--log-level", settings.logLevel, "--faults", "--checkpoints",
                settings.database + ".checkpoints",
            ] + settings.keyArguments
        try start(
            name, arguments, output: nil, recipe: Recipe(arguments: arguments, announces: false))
    }

    /// Starts a child that talks with this process in lines: what it reads and what it prints.
    func startTalker(_ name: String, _ arguments: [String]) throws -> (input: Pipe, output: Pipe) {
        let output = Pipe()
        let input = try start(name, arguments, output: output, recipe: nil)
        return (input, output)
    }

    /// Starts again what ended by itself, under the same name; a line for people about each.
    ///
    /// - Parameters:
    ///   - rests: whether a daemon of that name is to stay ended for now.
    ///   - excused: whether its end was meant, and so is none of the four that it has.
    /// - Throws: `RecordingEnd` when the coordinator ended by that, `ClusterError` when a daemon
    ///   ended for the fourth time.
    public func replaceDead(
        unless rests: (String) -> Bool = { _ in false },
        excused: (String) -> Bool = { _ in false }
    ) throws -> [String] {
        if let end = recordingEnd { throw end }
        let dead = children.filter { !$0.process.isRunning }
        children.removeAll { !$0.process.isRunning }
        resting += dead.filter { rests($0.name) }
        let awake = resting.filter { !rests($0.name) }
        resting.removeAll { !rests($0.name) }
        let ready =
            dead.filter { !rests($0.name) }
            + awake.filter { one in
                !dead.contains { $0.name == one.name }
            }
        return try ready.map { child in
            var child = child
            if excused(child.name) { child.recipe?.life = 0 }
            return try revive(child)
        }
    }

    /// Why a coordinator has ended that could not record any longer; `nil` without one.
    public var recordingEnd: RecordingEnd? {
        lastWords = lastWords ?? findRecordingEnd()
        return lastWords
    }

    private func findRecordingEnd() -> RecordingEnd? {
        for child in children where !child.process.isRunning {
            while let line = child.words?.line(withinMilliseconds: 100) {
                if let end = RecordingEnd(line: line) { return end }
            }
        }
        return nil
    }

    /// Starts a resting daemon now; false when there is none of that name.
    public func wake(_ name: String) throws -> Bool {
        _ = try replaceDead { _ in true }
        guard let position = resting.firstIndex(where: { $0.name == name }) else { return false }
        var child = resting.remove(at: position)
        child.recipe?.life = 0
        _ = try revive(child)
        return true
    }

    /// Sends a signal to a running child; false when there is none of that name.
    public func signal(_ number: Int32, to name: String) -> Bool {
        guard let child = children.first(where: { $0.name == name && $0.process.isRunning })
        else { return false }
        return kill(child.process.processIdentifier, number) == 0
    }

    private func revive(_ child: Child) throws -> String {
        let process = child.process
        let way = process.terminationReason == .uncaughtSignal ? "signal" : "status"
        let end =
            "\(child.name) (pid \(process.processIdentifier)) ended with \(way) "
            + "\(process.terminationStatus)"
        guard var recipe = child.recipe, recipe.life < Self.maximumLives else {
            throw ClusterError(end)
        }
        recipe.life += 1
        if recipe.announces {
            _ = try startAnnouncing(child.name, recipe.arguments)
            if let position = children.firstIndex(where: { $0.name == child.name }) {
                children[position].recipe = recipe
            }
        } else {
            try start(child.name, recipe.arguments, output: nil, recipe: recipe)
        }
        return "\(end); started again"
    }

    /// Ends every child: closes its lifeline, waits, and kills what is left.
    public func close(withinMilliseconds: Int = 6_000) {
        for child in children {
            try? child.lifeline.fileHandleForWriting.close()
            // A stopped process does not hear that.
            if child.process.isRunning { kill(child.process.processIdentifier, SIGCONT) }
        }
        let deadline = MonotonicClock.now() + UInt64(withinMilliseconds) * 1_000_000
        while children.contains(where: \.process.isRunning), MonotonicClock.now() < deadline {
            MonotonicClock.sleep(nanoseconds: 10_000_000)
        }
        for child in children where child.process.isRunning {
            kill(child.process.processIdentifier, SIGKILL)
        }
        for child in children { child.process.waitUntilExit() }
        children.removeAll()
        resting.removeAll()
    }

    /// Starts a child that says where it listens.
    private func startAnnouncing(_ name: String, _ arguments: [String]) throws -> String {
        let output = Pipe()
        try start(name, arguments, output: output, recipe: nil)
        let reader = LineReader(descriptor: output.fileHandleForReading.fileDescriptor)
        let line = reader.line(withinMilliseconds: 15_000)
        let announced = "listening on "
        guard let line, line.hasPrefix(announced) else {
            throw ClusterError("the coordinator did not start; its message is above")
        }
        children[children.count - 1].words = reader
        return String(line.dropFirst(announced.count))
    }

    @discardableResult
    private func start(
        _ name: String, _ arguments: [String], output: Pipe?, recipe: Recipe?
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
            Child(name: name, process: process, lifeline: lifeline, recipe: recipe))
        return lifeline
    }
}
