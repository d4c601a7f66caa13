import Foundation

extension KeyFile {
    /// Reads a file of the folder of keys.
    ///
    /// - Parameter isSecret: must hold a secret, and be its owner's alone; else must hold none.
    /// - Throws: `SecurityError` that names the file and what to do.
    init(path: String, isSecret: Bool) throws(SecurityError) {
        try self.init(parsing: Self.contents(path, isSecret: isSecret), file: path)
        guard (secretKey != nil) == isSecret else {
            throw SecurityError(
                isSecret
                    ? "\(path): found no line 'secret: ...'; copy the whole .key file"
                    : "\(path): found a secret in a public file; remove it, revoke the key and "
                        + "make another: peerless keys add DIR NAME --role \(role.rawValue)")
        }
        let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        let isOwnName = name == stem
        guard isSecret || isOwnName else {
            throw SecurityError("\(path): found the key of '\(name)'; rename it to \(name).pub")
        }
    }

    /// The bytes of a plain file of sensible size.
    private static func contents(_ path: String, isSecret: Bool) throws(SecurityError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SecurityError.system(path) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw SecurityError.system(path) }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw SecurityError("\(path): found no plain file; allowed: a key file")
        }
        if !isSecret {
            try FileKeeping(path, facts).requireOwn(mode: 0o644, "put another key in its place")
        } else if facts.st_mode & 0o077 != 0 {
            throw SecurityError(
                "\(path): found mode \(SecurityError.octal(facts.st_mode)), which lets others use "
                    + "this secret; allowed: 600; type: chmod 600 \(path)")
        }
        // One byte more than the parser takes tells it that there are more.
        var bytes = [UInt8](repeating: 0, count: 4_097)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                guard let start = $0.baseAddress else { return 0 }
                return Foundation.read(descriptor, start + filled, $0.count - filled)
            }
            guard count >= 0 else { throw SecurityError.system(path) }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }

    /// Makes a file that nobody else could read at any moment and that was not there before.
    static func create(_ path: String, _ text: String, mode: mode_t) throws(SecurityError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = open(path, flags, mode)
        guard descriptor >= 0 else {
            guard errno == EEXIST else { throw SecurityError.system(path) }
            throw SecurityError("\(path): is there already, and keys are never overwritten")
        }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard fchmod(descriptor, mode) == 0, write(descriptor, bytes, bytes.count) == bytes.count,
            fsync(descriptor) == 0
        else {
            defer { unlink(path) }
            throw SecurityError.system(path)
        }
    }
}

extension SecurityError {
    /// The reason of the call that just failed.
    static func system(_ path: String) -> SecurityError {
        SecurityError("\(path): \(String(cString: strerror(errno)))")
    }

    static func octal(_ mode: mode_t) -> String { String(mode & 0o7777, radix: 8) }
}
