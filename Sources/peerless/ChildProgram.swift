import Cluster
import Foundation

/// A program that this one runs to its end.
struct ChildProgram {
    private let path: String
    private let folder: ScratchFolder

    /// This very program unless another is named.
    init(_ path: String?, folder: ScratchFolder) throws {
        self.folder = folder
        if let path {
            self.path = path
            return
        }
        guard
            let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else {
            throw ClusterError("the path of this program is not known; is /proc mounted?")
        }
        self.path = own
    }

    /// Runs it; the last line that it said on standard error, or that it took too long.
    ///
    /// - Throws: `ClusterError` when it cannot be started.
    func run(
        _ arguments: [String], withinSeconds: Double, _ interruption: StopFlag
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let words = folder.path("words")
        _ = FileManager.default.createFile(atPath: words, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: words) ?? .nullDevice
        do {
            try process.run()
        } catch {
            throw ClusterError("\(path): cannot be started: \(error.localizedDescription)")
        }
        let deadline = Date().addingTimeInterval(withinSeconds)
        while process.isRunning, Date() < deadline, interruption.reason == nil {
            Thread.sleep(forTimeInterval: 0.02)
        }
        let wasLate = process.isRunning
        if wasLate { end(process) }
        let said = (try? String(contentsOfFile: words, encoding: .utf8)) ?? ""
        let last = said.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no word"
        return wasLate ? "no end within \(Int(withinSeconds)) s" : last
    }

    /// It ends its own children when it is told to end, and by their lifelines in any case.
    private func end(_ process: Process) {
        process.terminate()
        let deadline = Date().addingTimeInterval(15)
        while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.02) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}
