import ArgumentParser
import Foundation

/// Pictures of dots, which `rsvg-convert` makes: a program of its own, so that drawing needs no
/// library.
enum PictureConverter {
    private static let program = "rsvg-convert"
    private static let seconds = 60.0

    /// Writes a picture, whole or not at all.
    ///
    /// - Throws: `ExitCode` 4 where the program is missing, `OutputFile.Trouble`.
    static func write(png svg: String, to path: String) throws {
        guard let converter = find() else {
            StandardError.print(
                "peerless: \(path): making a PNG takes \(program), which is not on this machine: "
                    + "apt-get install librsvg2-bin; -o FILE.svg takes nothing")
            throw ExitCode.wrongEnvironment
        }
        let (source, partial) = (path + ".partial.svg", path + ".partial")
        defer { for file in [source, partial] { unlink(file) } }
        var file = try OutputFile(source)
        try file.write(svg)
        _ = try file.finish()
        let words = try convert(
            with: converter,
            [
                "--format", "png", "--zoom", "2", "--output", partial, source,
            ])
        if let words { throw OutputFile.Trouble(path: path, detail: words) }
        guard rename(partial, path) == 0 else {
            throw OutputFile.Trouble(path: path, detail: String(cString: strerror(errno)))
        }
    }

    private static func find() -> URL? {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return folders.split(separator: ":").map { URL(filePath: "\($0)/\(program)") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path(percentEncoded: false)) }
    }

    /// What went wrong, in words; `nil` when nothing did.
    private static func convert(with converter: URL, _ arguments: [String]) throws -> String? {
        let process = Process()
        process.executableURL = converter
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.standardError
        try process.run()
        let waited = Stopwatch()
        while process.isRunning, waited.seconds < seconds { Thread.sleep(forTimeInterval: 0.01) }
        guard !process.isRunning else {
            kill(process.processIdentifier, SIGKILL)
            return "\(program) did not end within \(Int(seconds)) s"
        }
        let status = process.terminationStatus
        return status == 0 ? nil : "\(program) ended with \(status)"
    }
}
