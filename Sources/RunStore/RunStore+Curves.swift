import GRDB

extension RunStore {
    /// The last step of a run on record, from 0; `nil` without any.
    public func lastStep(run: Int64) throws(StoreError) -> Int? {
        try read("reading the last step of run \(run)") { database in
            try StoredRow.value(
                database, sql: "SELECT max(step) FROM step WHERE run = ? AND rank = 0",
                arguments: [run])
        }
    }

    /// How a run went, added up by the database: what comes to memory is a row for each rank and
    /// part.
    ///
    /// - Parameter stepsPerPart: at least 1.
    /// - Throws: `StoreError.unknownRun` when there is no such run.
    public func curve(run: Int64, stepsPerPart: Int) throws(StoreError) -> RunCurve {
        try read("reading the curve of run \(run)") { database in
            let workers = try Self.comparisonRow(run, in: database).workers
            let size = max(1, stepsPerPart)
            let sums = try StoredRow.each(
                database,
                sql: """
                    SELECT rank, step / ?, count(*), max(step), sum(loss), count(loss),
                        total(total_nanoseconds), total(wait_nanoseconds), total(bytes_sent)
                    FROM step WHERE run = ? GROUP BY rank, step / ? ORDER BY rank, step / ?
                    """,
                arguments: [size, run, size, size]
            ) { try CurveSum($0) }
            return RunCurve(sums, stepsPerPart: size, workers: workers)
        }
    }
}
