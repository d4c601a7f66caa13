import Foundation

/// This process's right to be the one coordinator of a database. It ends with the process, however
/// that ends; the database's own locks are others.
public final class DatabaseClaim {
    private let descriptor: Int32

    /// Claims a database file, which is made where there is none.
    ///
    /// - Throws: `ClusterError` when another coordinator has it, or the file cannot be opened.
    public init(path: String) throws(ClusterError) {
        descriptor = try Self.locked(path)
    }

    deinit {
        close(descriptor)
    }

    /// An open descriptor that holds the lock. All that can be refused is here: an object whose
    /// fields are set is taken down by `deinit`, also where its `init` throws, and a number that is
    /// closed twice may be another thread's file by then.
    private static func locked(_ path: String) throws(ClusterError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ClusterError(
                "\(path): cannot be opened for writing: \(String(cString: strerror(errno))); "
                    + "name another file with --db or PEERLESS_DB")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw ClusterError(
                "\(path): another coordinator writes this database; end it, or name another file "
                    + "with --db")
        }
        return descriptor
    }
}
