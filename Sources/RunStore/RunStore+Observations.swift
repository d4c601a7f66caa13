import GRDB

extension RunStore {
    /// What was observed of a run, by step; none for a run that was not observed.
    public func observations(run: Int64) throws(StoreError) -> [ObservationRow] {
        try read("reading observations of run \(run)") { try Self.observations(run, in: $0) }
    }

    static func observations(_ run: Int64, in database: Database) throws -> [ObservationRow] {
        try StoredRow.fetchAll(
            database, sql: "SELECT * FROM observation WHERE run = ? ORDER BY step",
            arguments: [run]
        ).map { row in
            var found = try ObservationRow(
                run: row["run"], step: row["step"], workers: row["workers"])
            found.gradientNorm = try row["gradient_norm"]
            found.contributionNorm = try row["contribution_norm"]
            found.updateNorm = try row["update_norm"]
            found.residualNorm = try row["residual_norm"]
            found.cosineGradient = try row["cosine_gradient"]
            found.cosineContribution = try row["cosine_contribution"]
            found.kept = try row["kept"]
            found.applied = try row["applied"]
            found.recall = try row["recall"]
            found.capturedEnergy = try row["captured_energy"]
            found.topEnergy = try row["top_energy"]
            found.noiseRatio = try row["noise_ratio"]
            found.unchangedShare = try row["unchanged_share"]
            found.associativityDefect = try row["associativity_defect"]
            found.bytesSent = try row["bytes_sent"]
            found.nanoseconds = try row["nanoseconds"]
            return found
        }
    }

    static func insert(_ observations: [ObservationRow], in database: Database) throws {
        let marks = Array(repeating: "?", count: 19).joined(separator: ", ")
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO observation VALUES (\(marks))")
        for row in observations {
            try statement.execute(arguments: [
                row.run, row.step, row.workers, row.gradientNorm, row.contributionNorm,
                row.updateNorm, row.residualNorm, row.cosineGradient, row.cosineContribution,
                row.kept, row.applied, row.recall, row.capturedEnergy, row.topEnergy,
                row.noiseRatio, row.unchangedShare, row.associativityDefect, row.bytesSent,
                row.nanoseconds,
            ])
        }
    }
}
