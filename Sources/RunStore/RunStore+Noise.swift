import GRDB

extension RunStore {
    /// Keeps what a calibration found; an earlier one of the same figure, case and context goes.
    public func record(noise rows: [NoiseRow]) throws(StoreError) {
        try write("recording noise") { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO noise
                        (case_hash, context_hash, metric, floor, pairs, measured_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """)
            for row in rows {
                try statement.execute(arguments: [
                    row.caseHash, row.contextHash, row.metric, row.floor, row.pairs,
                    row.measuredAt,
                ])
            }
        }
    }

    /// Every calibration's result.
    public func noise() throws(StoreError) -> [NoiseRow] {
        try read("reading noise") { database in
            try StoredRow.fetchAll(
                database, sql: "SELECT * FROM noise ORDER BY case_hash, context_hash, metric"
            ).map { row in
                try NoiseRow(
                    caseHash: row["case_hash"], contextHash: row["context_hash"],
                    metric: row["metric"], floor: row["floor"], pairs: row["pairs"],
                    measuredAt: row["measured_at"])
            }
        }
    }
}
