import Foundation

/// Room on the disk of a database that is kept, and given back when the disk is full: enough to
/// write that the runs failed by it. It is a file without a name, so that nothing is left after any
/// death.
package final class DiskReserve {
    /// What a run's end, its summary and its events take, several times.
    private static let bytes = 256 << 10
    /// Linux's `O_TMPFILE`, whose definition Swift does not import.
    private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY

    private var descriptor: Int32

    /// A disk or file system that does not give it is gone without.
    package init(beside path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        descriptor = open(folder, Self.unnamed | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0, posix_fallocate(descriptor, 0, Self.bytes) != 0 { release() }
    }

    deinit { release() }

    /// Bytes that are kept now.
    package var bytesKept: Int {
        var state = stat()
        guard descriptor >= 0, fstat(descriptor, &state) == 0 else { return 0 }
        return Int(state.st_blocks) * 512
    }

    /// Gives the room back.
    package func release() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
