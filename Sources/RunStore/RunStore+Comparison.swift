import GRDB

extension RunStore {
    /// The rows of a comparison with their speed-ups: in the order asked for, else by the order in
    /// which variants first ran, then by seed.
    ///
    /// - Throws: `StoreError` with `isNotEnoughData` when a run, experiment or baseline is unknown
    ///   or nothing is recorded.
    public func comparison(
        _ filter: ComparisonFilter = ComparisonFilter()
    ) throws(StoreError) -> [ComparisonRow] {
        try read("comparing runs") { database in
            let rows =
                filter.runs.isEmpty
                ? try newestRows(of: try experiment(filter, in: database), in: database)
                : try filter.runs.map { try Self.comparisonRow($0, in: database) }
            return try compared(rows, baseline: filter.baseline, in: database)
        }
    }

    /// A run's row without a speed-up.
    static func comparisonRow(_ run: Int64, in database: Database) throws -> ComparisonRow {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM v_compare WHERE run = ?", arguments: [run])
        guard let row else { throw try unknown(run, in: database) }
        return try ComparisonRow(row)
    }

    private func experiment(_ filter: ComparisonFilter, in database: Database) throws -> String {
        if let name = filter.experiment {
            try Self.require(experiment: name, in: database)
            return name
        }
        let latest = try String.fetchOne(
            database, sql: "SELECT experiment FROM v_runs ORDER BY run DESC LIMIT 1")
        guard let latest else { throw StoreError.nothingRecorded(path: path) }
        return latest
    }

    /// The newest run of every variant and seed of an experiment.
    private func newestRows(
        of experiment: String, in database: Database
    ) throws -> [ComparisonRow] {
        try Row.fetchAll(
            database,
            sql: """
                WITH mine AS (
                    SELECT run.id, variant, seed FROM run
                    JOIN experiment ON experiment.id = run.experiment WHERE experiment.name = ?),
                newest AS (SELECT max(id) AS run FROM mine GROUP BY variant, seed),
                first AS (SELECT variant, min(id) AS run FROM mine GROUP BY variant)
                SELECT v_compare.* FROM v_compare
                JOIN newest ON newest.run = v_compare.run
                JOIN first ON first.variant = v_compare.variant
                ORDER BY first.run, v_compare.seed
                """,
            arguments: [experiment]
        ).map { try ComparisonRow($0) }
    }

    /// Rows with speed-ups, each against the baseline of its own experiment. A baseline among the
    /// rows goes before the experiment's newest run of it.
    private func compared(
        _ rows: [ComparisonRow], baseline: String?, in database: Database
    ) throws -> [ComparisonRow] {
        var rows = rows
        var known: [String] = []
        for experiment in Set(rows.map(\.experiment)).sorted() {
            let candidates =
                rows.filter { $0.experiment == experiment }
                + (try newestRows(of: experiment, in: database))
            for row in candidates where !known.contains(row.variant) { known.append(row.variant) }
            guard let name = Self.baseline(baseline, among: candidates) else { continue }
            let references = candidates.filter { $0.variant == name && $0.samplesPerSecond != nil }
            for index in rows.indices where rows[index].experiment == experiment {
                rows[index].baseline = name
                let reference =
                    references.first { $0.seed == rows[index].seed } ?? references.first
                if let speed = rows[index].samplesPerSecond,
                    let base = reference?.samplesPerSecond, base > 0
                {
                    rows[index].speedup = speed / base
                }
            }
        }
        if let baseline, !known.contains(baseline) {
            throw StoreError.unknownBaseline(baseline, known: known)
        }
        return rows
    }

    private static func baseline(_ name: String?, among rows: [ComparisonRow]) -> String? {
        if let name { return rows.contains { $0.variant == name } ? name : nil }
        let dense = rows.filter { $0.methodName == "dense" }
        return (dense.first { $0.topology == "server" } ?? dense.first)?.variant
    }
}

extension ComparisonRow {
    /// From a row of `v_compare`.
    fileprivate init(_ row: Row) throws {
        self.init(
            run: row["run"], experiment: row["experiment"], variant: row["variant"],
            seed: UInt64(bitPattern: row["seed"]), status: try RunStore.status(row),
            topology: row["topology"], method: row["method"], workers: row["workers"])
        methodName = row["method_name"]
        parameters = row["parameters"]
        steps = row["steps"]
        seconds = row["seconds"]
        samplesPerSecond = row["samples_per_second"]
        stepMilliseconds.total = row["total_milliseconds"]
        stepMilliseconds.compute = row["compute_milliseconds"]
        stepMilliseconds.encode = row["encode_milliseconds"]
        stepMilliseconds.exchange = row["exchange_milliseconds"]
        stepMilliseconds.wait = row["wait_milliseconds"]
        stepMilliseconds.decode = row["decode_milliseconds"]
        stepMilliseconds.update = row["update_milliseconds"]
        stepMilliseconds.hidden = row["hidden_milliseconds"]
        bytesSentPerWorkerStep = row["bytes_sent_per_worker_step"]
        bytesReceivedPerWorkerStep = row["bytes_received_per_worker_step"]
        serverBytesPerStep = row["server_bytes_per_step"]
        compression = row["compression"]
        finalLoss = row["final_loss"]
        finalAccuracy = row["final_accuracy"]
        bestAccuracy = row["best_accuracy"]
        secondsToTarget = row["seconds_to_target"]
        bytesToTarget = row["bytes_to_target"]
        link = row["link"]
        checksum = row["checksum"]
        failure = row["failure"]
        if let recoveries: Int = row["recoveries"], recoveries > 0 {
            faults = FaultFigures(
                recoveries: recoveries, detectSeconds: row["detect_seconds"],
                recoverSeconds: row["recover_seconds"], stepsRedone: row["steps_redone"],
                samplesLost: row["samples_lost"], lossBump: row["loss_bump"])
        }
    }
}
