import Foundation

/// The built `peerless`, run as a user runs it: a process with arguments, in a folder of its own.
final class Program {
    /// What a finished process left.
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// A process that may still run.
    final class Running {
        let process = Process()
        fileprivate let output: URL
        fileprivate let errors: URL

        fileprivate init(output: URL, errors: URL) {
            self.output = output
            self.errors = errors
        }

        /// What it has printed so far.
        var text: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
        /// What it has said on standard error so far.
        var errorText: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

        /// Its result; killed when it does not end in time.
        func finish(withinSeconds: Double = 60) throws -> Result {
            guard waitUntil(withinSeconds, { !self.process.isRunning }) else {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                let words = try String(contentsOf: errors, encoding: .utf8)
                throw Trouble(text: "no end within \(withinSeconds) s; it said: \(words)")
            }
            return Result(
                status: process.terminationStatus,
                output: try String(contentsOf: output, encoding: .utf8),
                errors: try String(contentsOf: errors, encoding: .utf8))
        }
    }

    struct Trouble: Error {
        var text: String
    }

    /// Folder of the test's files; gone with the object.
    let folder: URL
    /// Variables that its programs get besides those of this process.
    var environment: [String: String] = [:]
    private let mark = UUID().uuidString
    private var number = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("peerless-\(mark)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        for pid in processes() { kill(pid, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// A path in the folder.
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Writes a file into the folder; its path.
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }

    /// Starts the program; its database is `peerless.db` in the folder unless the arguments say other.
    ///
    /// - Parameters:
    ///   - terminal: takes both outputs in place of files.
    ///   - fileBlocks: blocks of 512 bytes that a file of it may have; a write beyond fails as one on
    ///     a disk without room does.
    func start(
        _ arguments: [String], terminal: FileHandle? = nil, fileBlocks: Int? = nil
    ) throws -> Running {
        number += 1
        let running = Running(
            output: folder.appendingPathComponent("out-\(number)"),
            errors: folder.appendingPathComponent("err-\(number)"))
        let process = running.process
        process.executableURL = try Self.executable()
        process.arguments = arguments
        if let fileBlocks {
            let limited = "trap '' XFSZ; ulimit -f \(fileBlocks); exec \"$0\" \"$@\""
            process.arguments = ["-c", limited, try Self.executable().path] + arguments
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
        }
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging([
            "PEERLESS_TEST": mark, "PEERLESS_DB": path("peerless.db"),
        ]) { $1 }.merging(environment) { $1 }
        for file in [running.output, running.errors] {
            try Data().write(to: file)
        }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try terminal ?? FileHandle(forWritingTo: running.output)
        process.standardError = try terminal ?? FileHandle(forWritingTo: running.errors)
        try process.run()
        return running
    }

    /// Starts a coordinator on a port of the system's choice; where it listens.
    func startCoordinator(_ more: [String] = []) throws -> (running: Running, endpoint: String) {
        let running = try start(["coordinator", "--bind", "tcp://127.0.0.1:*"] + more)
        _ = waitUntil(10) { running.text.contains("\n") }
        let line = running.text.split(separator: "\n").first ?? ""
        let announced = "listening on "
        guard line.hasPrefix(announced) else {
            throw Trouble(text: "no coordinator; it said: \(running.errorText)")
        }
        return (running, String(line.dropFirst(announced.count)))
    }

    /// Runs the program to its end.
    func run(_ arguments: [String], withinSeconds: Double = 60) throws -> Result {
        try start(arguments).finish(withinSeconds: withinSeconds)
    }

    /// Every living process that this object's programs started, themselves included.
    func processes() -> [pid_t] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { pid in
            guard let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ")
            else { return false }
            return String(decoding: environment, as: UTF8.self).contains("PEERLESS_TEST=\(mark)")
        }
    }

    /// Those of them that have an argument.
    func processes(naming argument: String) -> [pid_t] {
        processes().filter { pid in
            let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
            return line.split(separator: 0).contains {
                String(decoding: $0, as: UTF8.self) == argument
            }
        }
    }

    /// The binary that was built beside these tests.
    private static func executable() throws -> URL {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var folders = [URL(fileURLWithPath: tests).deletingLastPathComponent()]
        folders += CommandLine.arguments.map {
            URL(fileURLWithPath: $0).deletingLastPathComponent()
        }
        let candidates = folders.map { $0.appendingPathComponent("peerless") }
        guard
            let found = candidates.first(where: {
                FileManager.default.isExecutableFile(atPath: $0.path)
            })
        else { throw Trouble(text: "peerless is not built beside \(folders)") }
        return found
    }
}

/// Waits for a condition, 20 ms at a time; false after the time.
func waitUntil(_ seconds: Double, _ condition: () -> Bool) -> Bool {
    let deadline = Date().addingTimeInterval(seconds)
    while Date() < deadline {
        if condition() { return true }
        Thread.sleep(forTimeInterval: 0.02)
    }
    return condition()
}
