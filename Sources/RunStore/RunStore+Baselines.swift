import Foundation
import GRDB

extension RunStore {
    /// Gives completed runs a name; what had that name before has it no more.
    ///
    /// - Throws: `StoreError.unknownRun` for a run that is not there.
    public func setBaseline(
        _ name: String, runs: [Int64], note: String? = nil
    ) throws(StoreError) {
        try write("setting baseline \(name)") { database in
            for run in runs {
                let found = try Int64.fetchOne(
                    database, sql: "SELECT id FROM run WHERE id = ?", arguments: [run])
                if found == nil { throw try Self.unknown(run, in: database) }
            }
            try database.execute(
                sql: "DELETE FROM baseline WHERE name = ?", arguments: [name])
            try database.execute(
                sql: "INSERT INTO baseline (name, note, created_at) VALUES (?, ?, ?)",
                arguments: [name, note, Timestamp.text(Date())])
            let statement = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO baseline_run (baseline, run) VALUES (?, ?)")
            for run in runs { try statement.execute(arguments: [name, run]) }
        }
    }

    /// Every baseline by name.
    public func baselines() throws(StoreError) -> [Baseline] {
        try read("listing baselines") { database in
            try StoredRow.fetchAll(
                database, sql: "SELECT name, note, created_at FROM baseline ORDER BY name"
            ).map { row in
                let name: String = try row["name"]
                let runs = try StoredRow.fetchAll(
                    database,
                    sql: """
                        SELECT r.run, r.experiment, r.git_revision FROM v_runs r
                        JOIN baseline_run b ON r.run = b.run WHERE b.baseline = ? ORDER BY r.run
                        """,
                    arguments: [name])
                let revisions: [String?] = try runs.map { try $0["git_revision"] }
                return try Baseline(
                    name: name, note: row["note"], createdAt: row["created_at"],
                    runs: runs.map { try $0["run"] },
                    experiments: Set(runs.map { try $0["experiment"] as String }).sorted(),
                    revisions: Set(revisions.compactMap(\.self)).sorted())
            }
        }
    }

    /// Takes a name away; its runs stay.
    ///
    /// - Returns: whether there was such a baseline.
    public func removeBaseline(_ name: String) throws(StoreError) -> Bool {
        try write("removing baseline \(name)") { database in
            try database.execute(
                sql: "DELETE FROM baseline WHERE name = ?", arguments: [name])
            return database.changesCount > 0
        }
    }

    /// Numbers of the runs that some baseline holds.
    func baselineRuns() throws(StoreError) -> Set<Int64> {
        try read("listing runs of baselines") {
            Set(try StoredRow.values($0, sql: "SELECT DISTINCT run FROM baseline_run"))
        }
    }
}
