import Foundation
import GRDB

extension RunStore {
    /// The runs that a pruning would delete, oldest first: those that match, have ended, and are in
    /// no baseline.
    ///
    /// - Parameter keepLast: so many of the newest runs of every experiment, variant and seed stay,
    ///   whatever matches.
    public func prunable(_ filter: RunFilter, keepLast: Int = 0) throws(StoreError) -> [RunListing]
    {
        let held = try baselineRuns()
        let matching = try runs(filter).filter { $0.status.isFinal && !held.contains($0.run) }
        guard keepLast > 0 else { return matching }
        let kept = try read("listing runs to keep") { database in
            try Int64.fetchSet(
                database,
                sql: """
                    SELECT run FROM (
                        SELECT run, row_number() OVER (
                            PARTITION BY experiment, variant, seed ORDER BY run DESC) AS place
                        FROM v_runs)
                    WHERE place <= ?
                    """,
                arguments: [keepLast])
        }
        return matching.filter { !kept.contains($0.run) }
    }

    /// Deletes runs that have ended, with everything recorded of them, in one transaction, and
    /// experiments that no run is left of; then gives the space back.
    ///
    /// - Returns: how many were deleted.
    public func prune(runs: [Int64]) throws(StoreError) -> Int {
        let deleted = try write("deleting runs") { database in
            let statement = try database.cachedStatement(
                sql: "DELETE FROM run WHERE id = ? AND status NOT IN ('queued', 'running')")
            var deleted = 0
            for run in runs {
                try statement.execute(arguments: [run])
                deleted += database.changesCount
            }
            try database.execute(
                sql: "DELETE FROM experiment WHERE id NOT IN (SELECT experiment FROM run)")
            return deleted
        }
        try writeUnwrapped("giving space back") { database in
            try database.execute(sql: "VACUUM")
            _ = try database.checkpoint(.truncate)
        }
        return deleted
    }
}
