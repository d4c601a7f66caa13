import GRDB

extension RunStore {
    /// What is recorded of runs for a judgement, in the order of the numbers.
    ///
    /// - Throws: `StoreError.unknownRun` for a run that is not there.
    public func samples(runs: [Int64]) throws(StoreError) -> [RunSample] {
        try read("reading runs to judge") { database in
            try runs.map { try Self.sample($0, in: database) }
        }
    }

    private static func sample(_ run: Int64, in database: Database) throws -> RunSample {
        let row = try StoredRow.fetchOne(
            database,
            sql: "SELECT config, context_hash, context, workers, target FROM run WHERE id = ?",
            arguments: [run])
        guard let row else { throw try unknown(run, in: database) }
        let workers: Int = try row["workers"]
        let totals = try stepTotals(run, workers: workers, in: database)
        return try RunSample(
            summary: comparisonRow(run, in: database), config: row["config"],
            context: RunContext(hash: row["context_hash"], json: row["context"]),
            // As in a summary: the first two steps of a longer run fill caches and connections.
            stepNanoseconds: Array(totals.dropFirst(totals.count > 10 ? 2 : 0)),
            messagesPerWorkerStep: StoredRow.value(
                database,
                sql: "SELECT avg(messages_sent) FROM step WHERE run = ? AND rank < ?",
                arguments: [run, workers]),
            stepsToTarget: reached(row["target"], run, in: database))
    }

    private static func stepTotals(
        _ run: Int64, workers: Int, in database: Database
    ) throws -> [Double] {
        try StoredRow.values(
            database,
            sql: """
                SELECT avg(total_nanoseconds) FROM step WHERE run = ? AND rank < ?
                GROUP BY step ORDER BY step
                """,
            arguments: [run, workers])
    }

    private static func reached(
        _ target: Double?, _ run: Int64, in database: Database
    ) throws -> Int? {
        guard let target else { return nil }
        return try StoredRow.value(
            database,
            sql: """
                SELECT min(step) FROM evaluation
                WHERE run = ? AND split = 'test' AND accuracy >= ?
                """,
            arguments: [run, target])
    }
}
