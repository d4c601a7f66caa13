import Foundation
import GRDB

/// Reading where nothing can be written. SQLite keeps two files beside a database in WAL mode, and
/// needs them even to read; on a read-only disk, or in another user's folder, they cannot be made.
extension RunStore {
    /// A connection that only reads, and how SQLite is told the file.
    static func reader(
        of path: String, _ configuration: Configuration
    ) throws -> (queue: DatabaseQueue, location: String) {
        do {
            return (try DatabaseQueue(path: path, configuration: configuration), path)
        } catch let error as DatabaseError {
            let trouble = StorageTrouble(error)
            guard trouble == .cannotOpen || trouble == .readOnly, let lone = loneFile(path) else {
                throw error
            }
            return (try DatabaseQueue(path: lone, configuration: configuration), lone)
        }
    }

    /// The name by which SQLite reads a file alone, as one that nobody writes; `nil` for one with a
    /// log beside it, which holds what the file lacks.
    private static func loneFile(_ path: String) -> String? {
        let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        guard (log?[.size] as? Int ?? 0) == 0, access(path, R_OK) == 0 else { return nil }
        return URL(fileURLWithPath: path).absoluteString + "?immutable=1"
    }
}
