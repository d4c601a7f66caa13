import Foundation
import GRDB

extension RunStore {
    /// Records a recovery; one of the same run and generation is replaced.
    public func record(recovery: RecoveryRow) throws(StoreError) {
        try record(recoveries: [recovery])
    }

    /// Forgets the checkpoints of a run that are older than a step.
    public func dropCheckpoints(run: Int64, before step: Int) throws(StoreError) {
        try write("dropping checkpoints of run \(run)") { database in
            try database.execute(
                sql: "DELETE FROM checkpoint WHERE run = ? AND step < ?", arguments: [run, step])
        }
    }

    /// The checkpoints of a run by step, then rank; none for a run that is not there.
    public func checkpoints(run: Int64) throws(StoreError) -> [CheckpointRow] {
        try read("reading checkpoints of run \(run)") { try Self.checkpoints(run, in: $0) }
    }

    /// The recoveries of a run by generation; none for a run that is not there.
    public func recoveries(run: Int64) throws(StoreError) -> [RecoveryRow] {
        try read("reading recoveries of run \(run)") { try Self.recoveries(run, in: $0) }
    }

    /// Mean training loss of all workers over up to 10 steps before a step and 10 from it on.
    public func lossAround(run: Int64, step: Int) throws(StoreError) -> LossAround {
        try read("reading losses of run \(run)") { database in
            LossAround(step: step, of: try Self.steps(run, in: database))
        }
    }

    static func recoveries(_ run: Int64, in database: Database) throws -> [RecoveryRow] {
        try StoredRow.fetchAll(
            database, sql: "SELECT * FROM recovery WHERE run = ? ORDER BY generation",
            arguments: [run]
        ).map(recovery)
    }

    static func checkpoints(_ run: Int64, in database: Database) throws -> [CheckpointRow] {
        try StoredRow.fetchAll(
            database, sql: "SELECT * FROM checkpoint WHERE run = ? ORDER BY step, rank",
            arguments: [run]
        ).map { row in
            try CheckpointRow(
                run: row["run"], step: row["step"], rank: row["rank"], world: row["world"],
                path: row["path"], bytes: row["bytes"], nanoseconds: row["nanoseconds"],
                checksum: row["checksum"])
        }
    }

    static func insert(_ recoveries: [RecoveryRow], in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO recovery (run, generation, cause, node, slot, injected_at,
                    detected_at, recovered_at, detect_seconds, recover_seconds, step, steps_redone,
                    samples_lost, residual_norm, residual_step, world_before, world_after,
                    loss_before, loss_after)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for row in recoveries {
            try statement.execute(arguments: [
                row.run, row.generation, row.cause.rawValue, row.node, row.slot,
                row.injectedAt.map(Timestamp.text), Timestamp.text(row.detectedAt),
                row.recoveredAt.map(Timestamp.text), row.detectSeconds, row.recoverSeconds,
                row.step, row.stepsRedone, row.samplesLost, row.residualNorm, row.residualStep,
                row.worldBefore, row.worldAfter, row.lossBefore, row.lossAfter,
            ])
        }
    }

    static func insert(_ checkpoints: [CheckpointRow], in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO checkpoint
                    (run, step, rank, world, path, bytes, nanoseconds, checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for row in checkpoints {
            try statement.execute(arguments: [
                row.run, row.step, row.rank, row.world, row.path, row.bytes, row.nanoseconds,
                row.checksum,
            ])
        }
    }

    private static func recovery(_ row: StoredRow) throws -> RecoveryRow {
        let word: String = try row["cause"]
        guard let cause = RecoveryRow.Cause(rawValue: word) else {
            throw WrongValue(
                word.databaseValue, "cause", expected: "the cause of one", query: "FROM recovery")
        }
        var recovery = try RecoveryRow(
            run: row["run"], generation: row["generation"], cause: cause,
            detectedAt: Timestamp.date(row["detected_at"]) ?? .distantPast, step: row["step"],
            worldBefore: row["world_before"], worldAfter: row["world_after"])
        recovery.node = try row["node"]
        recovery.slot = try row["slot"]
        recovery.injectedAt = try (row["injected_at"] as String?).flatMap(Timestamp.date)
        recovery.recoveredAt = try (row["recovered_at"] as String?).flatMap(Timestamp.date)
        recovery.detectSeconds = try row["detect_seconds"]
        recovery.recoverSeconds = try row["recover_seconds"]
        recovery.stepsRedone = try row["steps_redone"]
        recovery.samplesLost = try row["samples_lost"]
        recovery.residualNorm = try row["residual_norm"]
        recovery.residualStep = try row["residual_step"]
        recovery.lossBefore = try row["loss_before"]
        recovery.lossAfter = try row["loss_after"]
        return recovery
    }
}
