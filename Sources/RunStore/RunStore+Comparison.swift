import GRDB

extension RunStore {
    /// The rows of a comparison with their speed-ups and break-evens: in the order asked for, else
    /// by the order in which variants first ran, then by seed. Reads summaries, never steps.
    ///
    /// - Throws: `StoreError` with `isNotEnoughData` when a run, experiment or baseline is unknown,
    ///   nothing is recorded or nothing matches; `badCondition` for a condition that is none.
    public func comparison(
        _ filter: ComparisonFilter = ComparisonFilter()
    ) throws(StoreError) -> [ComparisonRow] {
        try read("comparing runs", matching: filter.among) { database in
            try filter.among.checkCondition(over: "v_compare", in: database)
            return try filter.among.telling(over: "v_compare", in: database) {
                let rows =
                    filter.runs.isEmpty
                    ? try newestRows(matching: try experiment(filter, in: database), in: database)
                    : try matching(filter, in: database)
                return try compared(rows, filter, in: database)
            }
        }
    }

    /// A run's row without a speed-up.
    static func comparisonRow(_ run: Int64, in database: Database) throws -> ComparisonRow {
        let row = try StoredRow.fetchOne(
            database, sql: "SELECT * FROM v_compare WHERE run = ?", arguments: [run])
        guard let row else { throw try unknown(run, in: database) }
        return try ComparisonRow(row)
    }

    /// The filter, with the experiment that was asked for or has the latest run that matches.
    private func experiment(
        _ filter: ComparisonFilter, in database: Database
    ) throws -> RunFilter {
        var among = filter.among
        among.limit = nil
        among.experiment = filter.experiment
        if let name = filter.experiment {
            try Self.require(experiment: name, in: database)
            return among
        }
        let (condition, arguments) = among.sql(over: "v_compare")
        among.experiment = try StoredRow.value(
            database,
            sql: """
                SELECT experiment FROM v_compare WHERE \(condition) ORDER BY run DESC LIMIT 1
                """,
            arguments: arguments)
        guard among.experiment == nil else { return among }
        let isEmpty = try Int64.fetchOne(database, sql: "SELECT id FROM run LIMIT 1") == nil
        throw isEmpty ? StoreError.nothingRecorded(path: path) : .nothingMatches
    }

    /// Those of the named runs that the rest of the filter lets through.
    private func matching(
        _ filter: ComparisonFilter, in database: Database
    ) throws -> [ComparisonRow] {
        var among = filter.among
        among.experiment = nil
        let (condition, arguments) = among.sql(over: "v_compare")
        let rows = try filter.runs.compactMap { run -> ComparisonRow? in
            let row = try Self.comparisonRow(run, in: database)
            let found = try Int.fetchOne(
                database, sql: "SELECT 1 FROM v_compare WHERE run = ? AND \(condition)",
                arguments: [run] + arguments)
            return found == nil ? nil : row
        }
        if rows.isEmpty { throw StoreError.nothingMatches }
        return rows
    }

    /// The newest run of every variant and seed of an experiment among those that match.
    private func newestRows(
        matching filter: RunFilter, in database: Database
    ) throws -> [ComparisonRow] {
        let (condition, arguments) = filter.sql(over: "v_compare")
        let rows = try StoredRow.fetchAll(
            database,
            sql: """
                WITH mine AS MATERIALIZED (
                    SELECT run, variant, seed FROM v_compare WHERE \(condition)),
                newest AS (SELECT max(run) AS run FROM mine GROUP BY variant, seed),
                first AS (SELECT variant, min(run) AS run FROM mine GROUP BY variant)
                SELECT v_compare.* FROM newest
                JOIN v_compare ON v_compare.run = newest.run
                JOIN first ON first.variant = v_compare.variant
                ORDER BY first.run, v_compare.seed
                """,
            arguments: arguments
        ).map { try ComparisonRow($0) }
        if rows.isEmpty { throw StoreError.nothingMatches }
        return rows
    }

    /// Rows with speed-ups and break-evens, each against runs of its own experiment. A baseline or
    /// twin among the rows goes before the experiment's newest run of it.
    private func compared(
        _ rows: [ComparisonRow], _ filter: ComparisonFilter, in database: Database
    ) throws -> [ComparisonRow] {
        var rows = rows
        var known: [String] = []
        for experiment in Set(rows.map(\.experiment)).sorted() {
            var others = filter.among.surroundings
            others.experiment = experiment
            let all = try newestRows(matching: others, in: database)
            let candidates = rows.filter { $0.experiment == experiment } + all
            for row in candidates where !known.contains(row.variant) { known.append(row.variant) }
            let name = Self.baseline(filter.baseline, among: candidates)
            let measured = candidates.filter { $0.samplesPerSecond != nil }
            let dense = DenseTwins(among: measured)
            for index in rows.indices where rows[index].experiment == experiment {
                if let name { rows[index].measure(against: name, among: measured) }
                rows[index].hold(against: dense.twin(of: rows[index]))
            }
        }
        if let baseline = filter.baseline, !known.contains(baseline) {
            throw StoreError.unknownBaseline(baseline, known: known)
        }
        for (index, mark) in ParetoFront.marks(rows).enumerated() {
            rows[index].isParetoOptimal = mark
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
    init(_ row: StoredRow) throws {
        try self.init(
            run: row["run"], experiment: row["experiment"], variant: row["variant"],
            seed: UInt64(bitPattern: row["seed"]), status: RunStore.status(row),
            topology: row["topology"], method: row["method"], workers: row["workers"])
        methodName = try row["method_name"]
        dataset = try row["dataset"]
        model = try row["model"]
        batch = try row["batch"]
        host = try row["host"]
        gitRevision = try row["git_revision"]
        caseHash = try row["case_hash"]
        contextHash = try row["context_hash"]
        parameters = try row["parameters"]
        steps = try row["steps"]
        seconds = try row["seconds"]
        samplesPerSecond = try row["samples_per_second"]
        stepMilliseconds.total = try row["total_milliseconds"]
        stepMilliseconds.compute = try row["compute_milliseconds"]
        stepMilliseconds.encode = try row["encode_milliseconds"]
        stepMilliseconds.exchange = try row["exchange_milliseconds"]
        stepMilliseconds.wait = try row["wait_milliseconds"]
        stepMilliseconds.decode = try row["decode_milliseconds"]
        stepMilliseconds.update = try row["update_milliseconds"]
        stepMilliseconds.hidden = try row["hidden_milliseconds"]
        bytesSentPerWorkerStep = try row["bytes_sent_per_worker_step"]
        bytesReceivedPerWorkerStep = try row["bytes_received_per_worker_step"]
        serverBytesPerStep = try row["server_bytes_per_step"]
        compression = try row["compression"]
        finalLoss = try row["final_loss"]
        finalAccuracy = try row["final_accuracy"]
        bestAccuracy = try row["best_accuracy"]
        secondsToTarget = try row["seconds_to_target"]
        bytesToTarget = try row["bytes_to_target"]
        link = try row["link"]
        checksum = try row["checksum"]
        failure = try row["failure"]
        if let recoveries: Int = try row["recoveries"], recoveries > 0 {
            faults = try FaultFigures(
                recoveries: recoveries, detectSeconds: row["detect_seconds"],
                recoverSeconds: row["recover_seconds"], stepsRedone: row["steps_redone"],
                samplesLost: row["samples_lost"], lossBump: row["loss_bump"])
        }
    }
}
