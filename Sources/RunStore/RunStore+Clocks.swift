import GRDB

extension RunStore {
    /// Stores how the clock of a node stood in a generation of a run; nothing for one that is not
    /// there.
    ///
    /// - Parameters:
    ///   - offsetNanoseconds: added to the node's monotonic clock it gives nanoseconds since 1970 by
    ///     the coordinator's wall clock.
    ///   - errorNanoseconds: at most so wrong when it was taken.
    public func setClock(
        run: Int64, generation: Int, node: String, offsetNanoseconds: Int64, errorNanoseconds: Int64
    ) throws(StoreError) {
        try write("recording the clock of \(node)") { database in
            try database.execute(
                sql: """
                    UPDATE node SET clock_offset_nanoseconds = ?, clock_error_nanoseconds = ?
                    WHERE run = ? AND generation = ? AND name = ?
                    """,
                arguments: [offsetNanoseconds, errorNanoseconds, run, generation, node])
        }
    }
}
