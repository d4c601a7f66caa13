import Cluster
import Foundation

/// A temporary folder that goes with the object.
final class ScratchFolder {
    private let url: URL

    /// - Throws: `ClusterError` when it cannot be made.
    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "peerless-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw ClusterError("a temporary folder cannot be made: \(error.localizedDescription)")
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// A path in it.
    func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }
}
