import Glibc
import Sketching

/// One place's training state in one file.
///
/// `PRLSCKPT`, version (u32), length of the header (u32), header (JSON), the parts' floats one after
/// another, and a checksum (u64) of everything before it; numbers are little-endian, as is the
/// memory of every machine that Peerless runs on. A file appears under its name only when all of it
/// is on the disk.
public enum CheckpointFile {
    /// Takes bytes for a descriptor as `write(2)` does.
    package typealias Output = (Int32, UnsafeRawBufferPointer) -> Int

    /// Writes the parts from their memory, in order; `header.parts` is filled in.
    ///
    /// - Throws: `CheckpointError` with the call that failed; what was there before is still there.
    public static func write(
        _ header: CheckpointHeader, _ parts: [CheckpointPart], to path: String
    ) throws(CheckpointError) {
        try write(header, parts, to: path) { Glibc.write($0, $1.baseAddress, $1.count) }
    }

    /// The same through another output, for tests of one that fails.
    package static func write(
        _ header: CheckpointHeader, _ parts: [CheckpointPart], to path: String,
        through output: @escaping Output
    ) throws(CheckpointError) {
        let preamble = try preamble(header, parts, path)
        let temporary = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp"
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = open(temporary, flags, 0o600)
        guard descriptor >= 0 else { throw CheckpointError("open", path) }
        do throws(CheckpointError) {
            defer { close(descriptor) }
            var stream = CheckpointStream(descriptor: descriptor, path: path, output: output)
            try stream.write(preamble)
            for part in parts { try stream.write(UnsafeRawBufferPointer(part.floats)) }
            try stream.writeChecksum()
            guard fsync(descriptor) == 0 else { throw CheckpointError("fsync", path) }
            guard rename(temporary, path) == 0 else { throw CheckpointError("rename", path) }
        } catch {
            unlink(temporary)
            throw error
        }
        try syncFolder(of: path)
    }

    private static func preamble(
        _ header: CheckpointHeader, _ parts: [CheckpointPart], _ path: String
    ) throws(CheckpointError) -> [UInt8] {
        var header = header
        header.parts = parts.map { .init(name: $0.name, count: $0.floats.count) }
        if let trouble = header.trouble {
            throw CheckpointError(words: "checkpoint \(path): \(trouble); not written")
        }
        do {
            return try CheckpointPreamble.encode(header)
        } catch {
            throw error as? CheckpointError
                ?? CheckpointError(words: "checkpoint \(path): \(error); not written")
        }
    }

    /// Makes a new name last; some file systems have nothing to do and say so.
    private static func syncFolder(of path: String) throws(CheckpointError) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CheckpointError("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw CheckpointError("fsync", folder)
        }
    }
}

/// Bytes on their way to a file, with their checksum.
private struct CheckpointStream {
    /// Bytes of one call: little enough to be summed and copied while they are in a cache.
    private static let sliceBytes = 1 << 20

    let descriptor: Int32
    let path: String
    let output: CheckpointFile.Output
    private var checksum = RunningChecksum()

    init(descriptor: Int32, path: String, output: @escaping CheckpointFile.Output) {
        self.descriptor = descriptor
        self.path = path
        self.output = output
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        for start in stride(from: 0, to: bytes.count, by: Self.sliceBytes) {
            let end = min(start + Self.sliceBytes, bytes.count)
            let slice = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            checksum.add(slice)
            try put(slice)
        }
    }

    mutating func write(_ bytes: [UInt8]) throws(CheckpointError) {
        try bytes.withUnsafeBufferPointer { source throws(CheckpointError) in
            try write(UnsafeRawBufferPointer(source))
        }
    }

    mutating func writeChecksum() throws(CheckpointError) {
        try write(CheckpointPreamble.littleEndian(checksum.value))
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = output(descriptor, rest)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw CheckpointError("write", path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
