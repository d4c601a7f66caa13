import GRDB

extension RunStore {
    /// Computes a run's wide summary row from its steps, evaluations and recoveries, and stores it.
    ///
    /// - Parameter checksum: of the final parameters, where every worker agreed on it.
    public func summarise(run: Int64, checksum: UInt64?) throws(StoreError) {
        try write("summarising run \(run)") { try Self.summarise(run, checksum, in: $0) }
    }

    /// Ends a run: status and summary are on record together, whenever the process dies.
    ///
    /// - Parameters:
    ///   - failure: why it failed or was cancelled.
    ///   - checksum: of the final parameters, where every worker agreed on it.
    ///   - keepsSteps: whether a row per step stays. Until here there is one: whoever takes over the
    ///     run of a coordinator that died has nothing else to make the summary of.
    public func end(
        run: Int64, _ status: RunStatus, failure: String?, checksum: UInt64?, keepsSteps: Bool
    ) throws(StoreError) {
        try write("ending run \(run)") { database in
            try Self.setStatus(run, status, failure, nil, in: database)
            try Self.summarise(run, checksum, in: database)
            guard !keepsSteps else { return }
            try database.execute(sql: "DELETE FROM step WHERE run = ?", arguments: [run])
        }
    }

    private static func summarise(
        _ run: Int64, _ checksum: UInt64?, in database: Database
    ) throws {
        let steps = try steps(run, in: database)
        let summary = RunSummary(
            of: try facts(run, in: database), steps: steps,
            evaluations: try evaluations(run, in: database))
        let faults = FaultFigures(of: try priced(run, steps, in: database))
        try store(summary, faults, run: run, checksum: checksum, in: database)
    }

    /// The run's recoveries, with the losses around them computed and stored where they lack.
    private static func priced(
        _ run: Int64, _ steps: [StepRow], in database: Database
    ) throws -> [RecoveryRow] {
        let recoveries = try recoveries(run, in: database).map { row in
            guard row.lossBefore == nil || row.lossAfter == nil else { return row }
            let around = LossAround(step: row.step, of: steps)
            var row = row
            row.lossBefore = row.lossBefore ?? around.before
            // Steps of a run that was resumed after its end are another change's.
            row.lossAfter = row.lossAfter ?? (row.endedRun ? nil : around.after)
            return row
        }
        try insert(recoveries, in: database)
        return recoveries
    }

    private static func facts(_ run: Int64, in database: Database) throws -> RunSummary.Facts {
        let row = try StoredRow.fetchOne(
            database,
            sql: "SELECT workers, batch, topology, parameters, target FROM run WHERE id = ?",
            arguments: [run])
        guard let row else { throw try unknown(run, in: database) }
        return try RunSummary.Facts(
            workers: row["workers"], batch: row["batch"], topology: row["topology"],
            parameters: row["parameters"], target: row["target"],
            worlds: try worlds(run, in: database))
    }

    private static func worlds(
        _ run: Int64, in database: Database
    ) throws -> [RunSummary.World] {
        let workers = try nodes(run, in: database).filter { $0.role == "worker" }
        let generations = Dictionary(grouping: workers, by: \.generation)
            .sorted { $0.key < $1.key }
        let worlds = generations.compactMap { _, nodes in
            nodes.first?.firstStep.map {
                RunSummary.World(firstStep: $0, workers: nodes.count)
            }
        }
        return worlds.count == generations.count ? worlds : []
    }

    private static func store(
        _ summary: RunSummary, _ faults: FaultFigures?, run: Int64, checksum: UInt64?,
        in database: Database
    ) throws {
        let step = summary.stepMilliseconds
        let values: [(name: String, value: (any DatabaseValueConvertible)?)] = [
            ("run", run), ("steps", summary.steps), ("seconds", summary.seconds),
            ("samples_per_second", summary.samplesPerSecond),
            ("total_milliseconds", step.total), ("compute_milliseconds", step.compute),
            ("encode_milliseconds", step.encode), ("exchange_milliseconds", step.exchange),
            ("wait_milliseconds", step.wait), ("decode_milliseconds", step.decode),
            ("update_milliseconds", step.update),
            ("hidden_milliseconds", step.hidden),
            ("bytes_sent_per_worker_step", summary.bytesSentPerWorkerStep),
            ("bytes_received_per_worker_step", summary.bytesReceivedPerWorkerStep),
            ("server_bytes_per_step", summary.serverBytesPerStep),
            ("compression", summary.compression), ("final_loss", summary.finalLoss),
            ("final_accuracy", summary.finalAccuracy), ("best_accuracy", summary.bestAccuracy),
            ("seconds_to_target", summary.secondsToTarget),
            ("bytes_to_target", summary.bytesToTarget), ("diverged_at", summary.divergedAt),
            ("checksum", checksum.map(Self.hex)), ("recoveries", faults?.recoveries ?? 0),
            ("detect_seconds", faults?.detectSeconds),
            ("recover_seconds", faults?.recoverSeconds), ("steps_redone", faults?.stepsRedone),
            ("samples_lost", faults?.samplesLost), ("loss_bump", faults?.lossBump),
        ]
        let names = values.map(\.name).joined(separator: ", ")
        let marks = values.map { _ in "?" }.joined(separator: ", ")
        try database.execute(
            sql: "INSERT OR REPLACE INTO run_summary (\(names)) VALUES (\(marks))",
            arguments: StatementArguments(values.map(\.value)))
    }

    /// 16 hexadecimal digits.
    private static func hex(_ checksum: UInt64) -> String {
        let digits = String(checksum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
