import CSharedMemory
import Glibc

/// Memory that several processes of one host map: made by its owner, found by others through the
/// owner's descriptor. It has no name, so nothing is left when the last process ends, however.
public final class SharedSegment {
    /// The mapped bytes; other processes may change them at any time.
    public let bytes: UnsafeMutableRawBufferPointer
    /// The owner's descriptor, open as long as the object lives; -1 where another process owns it.
    public let descriptor: Int32

    /// New zeroed memory, whose pages the kernel has promised.
    ///
    /// - Throws: `SharedMemoryError` when there is no such memory or not enough.
    public init(byteCount: Int) throws(SharedMemoryError) {
        let descriptor = peerless_memory_descriptor("peerless")
        guard descriptor >= 0 else { throw SharedMemoryError("memfd_create") }
        do throws(SharedMemoryError) {
            let trouble = posix_fallocate(descriptor, 0, byteCount)
            guard trouble == 0 else {
                throw SharedMemoryError("posix_fallocate", "\(byteCount) bytes", code: trouble)
            }
            guard peerless_seal_size(descriptor) == 0 else { throw SharedMemoryError("seal") }
            bytes = try Self.map(descriptor, byteCount)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    /// Maps a process's memory; both must be of one user and see each other's process numbers.
    ///
    /// - Throws: `SharedMemoryError` when it cannot be reached or could still change its size.
    public init(process: Int32, descriptor: Int32, byteCount: Int) throws(SharedMemoryError) {
        let path = "/proc/\(process)/fd/\(descriptor)"
        let opened = open(path, O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { throw SharedMemoryError("open", path) }
        defer { close(opened) }
        var state = stat()
        guard fstat(opened, &state) == 0 else { throw SharedMemoryError("fstat", path) }
        guard state.st_size == byteCount, peerless_is_size_sealed(opened) == 1 else {
            throw SharedMemoryError(refusing: "\(path) is not of a fixed \(byteCount) bytes")
        }
        bytes = try Self.map(opened, byteCount)
        self.descriptor = -1
    }

    deinit {
        munmap(bytes.baseAddress, bytes.count)
        if descriptor >= 0 { close(descriptor) }
    }

    private static func map(
        _ descriptor: Int32, _ byteCount: Int
    ) throws(SharedMemoryError) -> UnsafeMutableRawBufferPointer {
        let start = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let start, start != MAP_FAILED else { throw SharedMemoryError("mmap") }
        return UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    }
}
