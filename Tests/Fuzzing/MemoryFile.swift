import Foundation

/// A file that takes an input, for parsers that read files; in memory where there is such a folder,
/// and gone with its owner, unless a trap ends that.
final class MemoryFile {
    /// What parsers open.
    let path: String
    private let descriptor: Int32

    init() throws {
        let memory = "/dev/shm"
        let folder =
            access(memory, W_OK) == 0 ? memory : FileManager.default.temporaryDirectory.path
        path = "\(folder)/peerless-fuzz-\(UUID().uuidString)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Broken("\(path) cannot be made") }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    func fill(with bytes: [UInt8]) throws {
        guard ftruncate(descriptor, 0) == 0,
            bytes.withUnsafeBytes({ pwrite(descriptor, $0.baseAddress, $0.count, 0) })
                == bytes.count
        else { throw Broken("\(path) cannot be written") }
    }
}
