import Foundation
import GRDB

/// SQLite keeps two files beside a database in WAL mode, makes them to read, too, and takes them away
/// when the last connection closes that may write.
extension RunStore {
    /// Takes the empty ones away that a reader has left, unless somebody has the database open.
    static func tidy(_ path: String) {
        let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        guard log?[.size] as? Int == 0, access(path, W_OK) == 0 else { return }
        var configuration = Configuration()
        configuration.busyMode = .immediateError
        // Nothing depends on it: whoever comes next reads with the two files as well as without.
        try? DatabaseQueue(path: path, configuration: configuration).read {
            _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master")
        }
    }
}
