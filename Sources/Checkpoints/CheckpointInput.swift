import Foundation
import Glibc
import Sketching

/// An open checkpoint whose header was read and fits the length of its file.
final class CheckpointInput {
    private(set) var header: CheckpointHeader
    private let path: String
    private let descriptor: Int32
    private let size: Int
    private let headerBytes: Int

    /// - Throws: `CheckpointError` when it is no checkpoint, or cut.
    init(_ path: String) throws(CheckpointError) {
        // Without waiting, should somebody have put a pipe there.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw CheckpointError("open", path) }
        do throws(CheckpointError) {
            size = try Self.size(descriptor, path)
            (header, headerBytes) = try Self.header(descriptor, path, size)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// - Throws: `CheckpointError` when the checksum is another.
    func verify() throws(CheckpointError) {
        var checksum = RunningChecksum()
        let end = size - CheckpointPreamble.checksumBytes
        try add(0..<end, to: &checksum)
        try compare(checksum)
    }

    /// Fills the parts, which are as the header says.
    func read(into parts: [CheckpointPart]) throws(CheckpointError) {
        var checksum = RunningChecksum()
        var offset = CheckpointPreamble.fixedBytes + headerBytes
        try add(0..<offset, to: &checksum)
        for part in parts {
            let bytes = UnsafeMutableRawBufferPointer(part.floats)
            try Self.fill(bytes, from: descriptor, at: offset, path)
            checksum.add(UnsafeRawBufferPointer(bytes))
            offset += bytes.count
        }
        try compare(checksum)
    }

    private func compare(_ checksum: RunningChecksum) throws(CheckpointError) {
        let count = CheckpointPreamble.checksumBytes
        let stored = try Self.bytes(descriptor, at: size - count, count: count, path)
        guard CheckpointPreamble.number(stored, at: 0, as: UInt64.self) == checksum.value else {
            throw CheckpointError(refusing: path, "its checksum is another, so it was damaged")
        }
    }

    private func add(
        _ range: Range<Int>, to checksum: inout RunningChecksum
    ) throws(CheckpointError) {
        let room = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(range.count, 1 << 18), alignment: 64)
        defer { room.deallocate() }
        var offset = range.lowerBound
        while offset < range.upperBound {
            let slice = UnsafeMutableRawBufferPointer(
                rebasing: room[..<min(room.count, range.upperBound - offset)])
            try Self.fill(slice, from: descriptor, at: offset, path)
            checksum.add(UnsafeRawBufferPointer(slice))
            offset += slice.count
        }
    }

    private static func size(
        _ descriptor: Int32, _ path: String
    ) throws(CheckpointError) -> Int {
        var state = stat()
        guard fstat(descriptor, &state) == 0 else { throw CheckpointError("fstat", path) }
        guard state.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError(refusing: path, "it is not a plain file")
        }
        return state.st_size
    }

    private static func header(
        _ descriptor: Int32, _ path: String, _ size: Int
    ) throws(CheckpointError) -> (CheckpointHeader, Int) {
        let least = CheckpointPreamble.fixedBytes + CheckpointPreamble.checksumBytes
        guard size >= least else {
            throw CheckpointError(refusing: path, "\(size) bytes are too few")
        }
        let fixed = try bytes(descriptor, at: 0, count: CheckpointPreamble.fixedBytes, path)
        guard fixed.starts(with: CheckpointPreamble.magic) else {
            throw CheckpointError(refusing: path, "it does not begin as a checkpoint does")
        }
        let version = CheckpointPreamble.number(fixed, at: 8, as: UInt32.self)
        guard version == CheckpointPreamble.version else {
            throw CheckpointError(
                refusing: path,
                "version: found \(version); allowed: \(CheckpointPreamble.version)")
        }
        let length = Int(CheckpointPreamble.number(fixed, at: 12, as: UInt32.self))
        guard length <= min(CheckpointPreamble.headerLimit, size - least) else {
            throw CheckpointError(refusing: path, "a header of \(length) bytes does not fit")
        }
        let json = try bytes(descriptor, at: CheckpointPreamble.fixedBytes, count: length, path)
        let header = try decode(json, path)
        guard header.bytesOfParts == size - least - length else {
            throw CheckpointError(
                refusing: path, "its length of \(size) bytes is not that of its parts")
        }
        return (header, length)
    }

    private static func decode(
        _ json: [UInt8], _ path: String
    ) throws(CheckpointError) -> CheckpointHeader {
        guard let header = try? JSONDecoder().decode(CheckpointHeader.self, from: Data(json)) else {
            throw CheckpointError(refusing: path, "its header cannot be read")
        }
        if let trouble = header.trouble { throw CheckpointError(refusing: path, trouble) }
        return header
    }

    private static func bytes(
        _ descriptor: Int32, at offset: Int, count: Int, _ path: String
    ) throws(CheckpointError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try bytes.withUnsafeMutableBufferPointer { room throws(CheckpointError) in
            try fill(UnsafeMutableRawBufferPointer(room), from: descriptor, at: offset, path)
        }
        return bytes
    }

    private static func fill(
        _ room: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int,
        _ path: String
    ) throws(CheckpointError) {
        var filled = 0
        while filled < room.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: room[filled...])
            let count = pread(descriptor, rest.baseAddress, rest.count, offset + filled)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CheckpointError("read", path) }
            guard count > 0 else { throw CheckpointError(refusing: path, "it was cut") }
            filled += count
        }
    }
}
