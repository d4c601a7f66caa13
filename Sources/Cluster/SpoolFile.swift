import Glibc

/// A ring of bytes in a file that has no name any more, so that nothing is left after any death.
/// Positions count on; the file holds those modulo its capacity.
final class SpoolFile {
    private let folder: String
    private let capacity: Int
    private var descriptor: Int32 = -1
    private var head = 0
    private var tail = 0

    /// Nothing is made before the first bytes come.
    init(folder: String, capacity: Int) {
        self.folder = folder
        self.capacity = capacity
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Puts bytes after the last ones; their position.
    ///
    /// - Throws: `ClusterError` when the disk refuses them, or they do not fit; nothing is changed.
    func append(_ bytes: [UInt8]) throws(ClusterError) -> Int {
        guard tail - head + bytes.count <= capacity else {
            throw ClusterError("spool in \(folder): full; messages are given up")
        }
        if descriptor < 0 { try open() }
        let position = tail
        let isWritten = bytes.withUnsafeBytes { source in
            onPieces(position..<(position + bytes.count)) { offset, range in
                pwrite(
                    descriptor, source.baseAddress.map { $0 + range.lowerBound }, range.count,
                    offset)
            }
        }
        guard isWritten else { throw failure("write") }
        tail += bytes.count
        return position
    }

    /// The bytes at a position; `nil` when the disk does not give them.
    func read(at position: Int, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let isRead = bytes.withUnsafeMutableBytes { target in
            onPieces(position..<(position + count)) { offset, range in
                pread(
                    descriptor, target.baseAddress.map { $0 + range.lowerBound }, range.count,
                    offset)
            }
        }
        return isRead ? bytes : nil
    }

    /// What is before a position is not needed any more.
    func release(before position: Int) {
        head = max(head, position)
        guard head == tail, descriptor >= 0, ftruncate(descriptor, 0) == 0 else { return }
        head = 0
        tail = 0
    }

    /// Makes calls that move bytes, until all of a range of positions is moved.
    private func onPieces(
        _ positions: Range<Int>, _ move: (_ offset: Int, _ range: Range<Int>) -> Int
    ) -> Bool {
        var done = 0
        while done < positions.count {
            let offset = (positions.lowerBound + done) % capacity
            let end = min(positions.count, done + capacity - offset)
            let count = move(offset, done..<end)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    private func open() throws(ClusterError) {
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        let path = "\(folder)/peerless-spool-\(getpid())-\(random)"
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let opened = Glibc.open(path, flags, 0o600)
        guard opened >= 0 else { throw failure("open") }
        unlink(path)
        descriptor = opened
    }

    private func failure(_ call: String) -> ClusterError {
        ClusterError(
            "spool in \(folder): \(call): \(String(cString: strerror(errno))); "
                + "messages beyond the memory's bound are given up")
    }
}
