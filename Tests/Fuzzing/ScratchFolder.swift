import Foundation

/// A folder that goes with its owner, in memory where there is such a place.
final class ScratchFolder {
    let path: String

    init() throws {
        let memory = "/dev/shm"
        let root = access(memory, W_OK) == 0 ? memory : FileManager.default.temporaryDirectory.path
        path = "\(root)/peerless-fuzz-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
