import Foundation
import GRDB

extension RunStore {
    /// Stores the bits that a run's data frames carry, and its newest generation.
    ///
    /// - Throws: `StoreError.unknownRun` when there is no such run.
    public func setMembership(
        run: Int64, identity: UInt64, generation: Int
    ) throws(StoreError) {
        try write("setting generation \(generation) of run \(run)") { database in
            try database.execute(
                sql: "UPDATE run SET identity = ?, generation = ? WHERE id = ?",
                arguments: [Int64(bitPattern: identity), generation, run])
            if database.changesCount == 0 { throw try Self.unknown(run, in: database) }
        }
    }

    /// Takes a run back to before a step: its steps from that one on, what was observed of them, and the
    /// evaluations after it are deleted, and the event is recorded, in one transaction. An
    /// evaluation's step counts steps done, so that one with the very number stays.
    public func rewind(run: Int64, toStep step: Int, event: EventRow) throws(StoreError) {
        try write("taking run \(run) back to step \(step)") { database in
            try database.execute(
                sql: "DELETE FROM step WHERE run = ? AND step >= ?", arguments: [run, step])
            try database.execute(
                sql: "DELETE FROM observation WHERE run = ? AND step >= ?", arguments: [run, step])
            try database.execute(
                sql: "DELETE FROM evaluation WHERE run = ? AND step > ?", arguments: [run, step])
            try Self.insert([event], in: database)
        }
    }

    /// The runs that are queued or running, by number, with all that is needed to take them up.
    public func unfinishedRuns() throws(StoreError) -> [UnfinishedRun] {
        try read("reading unfinished runs") { database in
            try StoredRow.fetchAll(
                database,
                sql: """
                    SELECT run.*, experiment.name AS experiment_name,
                        experiment.text AS experiment_text
                    FROM run JOIN experiment ON experiment.id = run.experiment
                    WHERE status IN ('queued', 'running') ORDER BY run.id
                    """
            ).map { try Self.unfinished($0, in: database) }
        }
    }

    /// Queues a failed or cancelled run again: its failure, end and summary are taken back, what
    /// was recorded of it stays.
    ///
    /// - Throws: `StoreError.notResumable` for a run that stands otherwise, `unknownRun` for none.
    public func reopen(run: Int64) throws(StoreError) {
        try write("queueing run \(run) again") { database in
            let row = try StoredRow.fetchOne(
                database, sql: "SELECT status FROM run WHERE id = ?", arguments: [run])
            guard let row else { throw try Self.unknown(run, in: database) }
            let status = try Self.status(row)
            guard status == .failed || status == .cancelled else {
                throw StoreError.notResumable(run, status)
            }
            try database.execute(
                sql: """
                    UPDATE run SET status = 'queued', failure = NULL, finished_at = NULL
                    WHERE id = ?
                    """,
                arguments: [run])
            try database.execute(sql: "DELETE FROM run_summary WHERE run = ?", arguments: [run])
        }
    }

    /// Steps that a run has done: of those on record, or where its rows are dropped, of its summary and
    /// its newest recovery, since a summary has the steps since a run was resumed.
    public func stepsReached(run: Int64) throws(StoreError) -> Int {
        try read("reading how far run \(run) came") { database in
            func number(_ sql: String) throws -> Int? {
                try Int.fetchOne(database, sql: sql, arguments: [run])
            }
            if let newest = try number("SELECT max(step) FROM step WHERE run = ?") {
                return newest + 1
            }
            let summed = try number("SELECT steps FROM run_summary WHERE run = ?")
            let recovered = try number(
                """
                SELECT step + steps_redone FROM recovery WHERE run = ?
                ORDER BY generation DESC LIMIT 1
                """)
            return max(summed ?? 0, recovered ?? 0)
        }
    }

    /// Fails the runs that are queued or running, and that no coordinator takes up; answers how
    /// many. For a coordinator only, at its start or its end.
    public func markInterrupted(
        because reason: String = "coordinator ended before the run did"
    ) throws(StoreError) -> Int {
        try write("closing interrupted runs") { try Self.markInterrupted(nil, reason, in: $0) }
    }

    /// Fails one run that an earlier coordinator left queued or running; answers whether it was.
    public func markInterrupted(run: Int64) throws(StoreError) -> Bool {
        try write("closing interrupted run \(run)") { database in
            try Self.markInterrupted(run, "coordinator ended before the run did", in: database) > 0
        }
    }

    private static func markInterrupted(
        _ run: Int64?, _ reason: String, in database: Database
    ) throws -> Int {
        let now = Timestamp.text(Date())
        let unfinished = "status IN ('queued', 'running') AND (? IS NULL OR id = ?)"
        try database.execute(
            sql: """
                INSERT INTO event (run, time, kind, detail)
                SELECT id, ?, 'interrupted', 'left ' || status || ' by an ended coordinator'
                FROM run WHERE \(unfinished)
                """,
            arguments: [now, run, run])
        try database.execute(
            sql: """
                UPDATE run SET status = 'failed', finished_at = ?, failure = ?
                WHERE \(unfinished)
                """,
            arguments: [now, reason, run, run])
        return database.changesCount
    }

    private static func unfinished(_ row: StoredRow, in database: Database) throws -> UnfinishedRun
    {
        let run: Int64 = try row["id"]
        let nodes = try nodes(run, in: database)
        let newest = nodes.map(\.generation).max()
        var newestSteps: [Int: Int] = [:]
        let steps = try StoredRow.fetchAll(
            database, sql: "SELECT rank, max(step) AS step FROM step WHERE run = ? GROUP BY rank",
            arguments: [run])
        for step in steps { newestSteps[try step["rank"]] = try step["step"] }
        return try UnfinishedRun(
            run: run, description: description(row), status: status(row),
            identity: (row["identity"] as Int64?).map { UInt64(bitPattern: $0) },
            generation: row["generation"], parameters: row["parameters"],
            nodes: nodes.filter { $0.generation == newest }, history: nodes,
            newestSteps: newestSteps)
    }
}
