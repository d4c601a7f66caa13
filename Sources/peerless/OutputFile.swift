import Foundation

/// Where results go piece by piece: standard output, or a file that is there whole or not at all.
struct OutputFile: ~Copyable {
    /// A file that cannot be written.
    struct Trouble: Error, CustomStringConvertible {
        var path: String
        var detail: String

        /// One line: the file and why.
        var description: String { "\(path): cannot be written: \(detail)" }
    }

    private let path: String?
    private let partial: String
    private let handle: FileHandle
    private var isFinished = false

    /// Whether a path names a file; `-` is standard output.
    static func isNamed(_ path: String?) -> Bool { path != nil && path != "-" }

    // All at once: with fields set one by one on the way to a throw, the optimised build of Swift
    // 6.3.1 releases the handle before it is there, and the program crashes.
    init(_ path: String?) throws(Trouble) {
        let place = try Self.open(path)
        self.path = place.path
        partial = place.partial
        handle = place.handle
    }

    private static func open(
        _ path: String?
    ) throws(Trouble) -> (path: String?, partial: String, handle: FileHandle) {
        guard isNamed(path), let path else { return (nil, "", .standardOutput) }
        // A pipe or device takes what is written to it, and is not replaced.
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type]
        let isPlain = type == nil || type as? FileAttributeType == .typeRegular
        let partial = isPlain ? path + ".partial" : path
        guard !isPlain || FileManager.default.createFile(atPath: partial, contents: nil),
            let handle = FileHandle(forWritingAtPath: partial)
        else { throw Trouble(path: path, detail: String(cString: strerror(errno))) }
        return (path, partial, handle)
    }

    mutating func write(_ text: String) throws(Trouble) {
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            throw Trouble(path: path ?? "standard output", detail: "\(error)")
        }
    }

    /// Puts the file in its place; its path, or `nil` for standard output.
    mutating func finish() throws(Trouble) -> String? {
        guard let path else { return nil }
        guard partial == path || rename(partial, path) == 0 else {
            throw Trouble(path: path, detail: String(cString: strerror(errno)))
        }
        isFinished = true
        return path
    }

    deinit {
        guard path != nil else { return }
        try? handle.close()
        if !isFinished, partial != path { unlink(partial) }
    }
}
