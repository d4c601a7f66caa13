import Foundation
import GRDB

extension RunStore {
    /// The runs, oldest first.
    ///
    /// - Throws: `StoreError.unknownExperiment` when the filter names one without any run,
    ///   `badCondition` for a condition that is none.
    public func runs(_ filter: RunFilter = RunFilter()) throws(StoreError) -> [RunListing] {
        try read("listing runs", matching: filter) { database in
            if let name = filter.experiment { try Self.require(experiment: name, in: database) }
            try filter.checkCondition(over: "v_runs", in: database)
            let (condition, arguments) = filter.sql(over: "v_runs")
            let limit = filter.limit.map { "LIMIT \($0)" } ?? ""
            return try filter.telling(over: "v_runs", in: database) {
                try StoredRow.each(
                    database,
                    sql: """
                        SELECT run, experiment, variant, seed, status, topology, method, workers,
                            dataset, model, steps, seconds, created_at, started_at, finished_at,
                            failure, link, host, git_revision, case_hash, context_hash,
                            samples_per_second, final_loss, final_accuracy
                        FROM v_runs WHERE \(condition) ORDER BY run DESC \(limit)
                        """,
                    arguments: arguments, Self.listing
                ).reversed()
            }
        }
    }

    /// Everything known of a run but its steps.
    public func detail(run: Int64) throws(StoreError) -> RunDetail {
        try read("reading run \(run)") { database in
            let row = try StoredRow.fetchOne(
                database,
                sql: """
                    SELECT run.*, experiment.name AS experiment_name,
                        experiment.text AS experiment_text
                    FROM run JOIN experiment ON experiment.id = run.experiment WHERE run.id = ?
                    """,
                arguments: [run])
            guard let row else { throw try Self.unknown(run, in: database) }
            var detail = RunDetail(
                description: try Self.description(row),
                summary: try Self.comparisonRow(run, in: database),
                createdAt: try row["created_at"], startedAt: try row["started_at"],
                finishedAt: try row["finished_at"],
                evaluations: try Self.evaluations(run, in: database),
                events: try Self.events(run, in: database),
                nodes: try Self.nodes(run, in: database),
                recoveries: try Self.recoveries(run, in: database),
                checkpoints: try Self.checkpoints(run, in: database))
            detail.observations = try Self.observations(run, in: database)
            return detail
        }
    }

    /// The steps of a run by rank, then step; none for a run that is not there.
    public func steps(run: Int64) throws(StoreError) -> [StepRow] {
        try read("reading steps of run \(run)") { try Self.steps(run, in: $0) }
    }

    /// The evaluations of a run by step.
    public func evaluations(run: Int64) throws(StoreError) -> [EvaluationRow] {
        try read("reading evaluations of run \(run)") { try Self.evaluations(run, in: $0) }
    }

    /// The configuration of a run, in JSON.
    public func config(run: Int64) throws(StoreError) -> String {
        try read("reading the configuration of run \(run)") { database in
            let config = try String.fetchOne(
                database, sql: "SELECT config FROM run WHERE id = ?", arguments: [run])
            guard let config else { throw try Self.unknown(run, in: database) }
            return config
        }
    }

    /// The events of a run in the order of recording.
    public func events(run: Int64) throws(StoreError) -> [EventRow] {
        try read("reading events of run \(run)") { try Self.events(run, in: $0) }
    }

    /// The processes of a run by generation, then rank.
    public func nodes(run: Int64) throws(StoreError) -> [NodeRow] {
        try read("reading nodes of run \(run)") { try Self.nodes(run, in: $0) }
    }

    /// Checks that there is a run of the experiment.
    static func require(experiment name: String, in database: Database) throws {
        let known: [String] = try StoredRow.values(
            database,
            sql: """
                SELECT experiment.name FROM experiment JOIN run ON run.experiment = experiment.id
                GROUP BY experiment.name ORDER BY max(run.id) DESC
                """)
        if !known.contains(name) { throw StoreError.unknownExperiment(name, known: known) }
    }

    static func steps(_ run: Int64, in database: Database) throws -> [StepRow] {
        // By position: a lookup by name for each of 16 columns would take most of the time.
        try StoredRow.each(
            database, sql: "SELECT * FROM step WHERE run = ? ORDER BY rank, step",
            arguments: [run]
        ) { row in
            try StepRow(
                run: row[0], rank: row[1], step: row[2], loss: row[3], totalNanoseconds: row[4],
                computeNanoseconds: row[5], encodeNanoseconds: row[6], exchangeNanoseconds: row[7],
                waitNanoseconds: row[8], decodeNanoseconds: row[9], updateNanoseconds: row[10],
                hiddenNanoseconds: row[14], bytesSent: row[11], bytesReceived: row[12],
                messagesSent: row[13], beganNanoseconds: row[15])
        }
    }

    static func evaluations(_ run: Int64, in database: Database) throws -> [EvaluationRow] {
        try StoredRow.fetchAll(
            database, sql: "SELECT * FROM evaluation WHERE run = ? ORDER BY step, split",
            arguments: [run]
        ).map { row in
            try EvaluationRow(
                run: row["run"], step: row["step"], seconds: row["seconds"], split: row["split"],
                loss: row["loss"], accuracy: row["accuracy"])
        }
    }

    private static func events(_ run: Int64, in database: Database) throws -> [EventRow] {
        try StoredRow.fetchAll(
            database, sql: "SELECT * FROM event WHERE run = ? ORDER BY id", arguments: [run]
        ).map { row in
            try EventRow(
                run: row["run"], time: Timestamp.date(row["time"]) ?? .distantPast,
                kind: row["kind"], node: row["node"], detail: row["detail"])
        }
    }

    static func nodes(_ run: Int64, in database: Database) throws -> [NodeRow] {
        try StoredRow.fetchAll(
            database,
            sql: "SELECT * FROM node WHERE run = ? ORDER BY generation, rank, role",
            arguments: [run]
        ).map { row in
            var node = try NodeRow(
                run: row["run"], rank: row["rank"], role: row["role"], name: row["name"],
                host: row["host"], pid: row["pid"], generation: row["generation"])
            node.firstStep = try row["first_step"]
            node.publicKey = try row["public_key"]
            node.clockOffsetNanoseconds = try row["clock_offset_nanoseconds"]
            node.clockErrorNanoseconds = try row["clock_error_nanoseconds"]
            return node
        }
    }

    /// By position: a lookup by name for each of 24 columns would take most of the time.
    private static func listing(_ row: StoredRow) throws -> RunListing {
        var run = try RunListing(
            run: row[0], experiment: row[1], variant: row[2], seed: UInt64(bitPattern: row[3]),
            status: status(row[4]), topology: row[5], method: row[6], workers: row[7],
            dataset: row[8], model: row[9], steps: row[10], seconds: row[11], createdAt: row[12],
            startedAt: row[13], finishedAt: row[14], failure: row[15])
        run.link = try row[16]
        run.host = try row[17]
        run.gitRevision = try row[18]
        run.caseHash = try row[19]
        run.contextHash = try row[20]
        run.samplesPerSecond = try row[21]
        run.finalLoss = try row[22]
        run.finalAccuracy = try row[23]
        return run
    }

    static func description(_ row: StoredRow) throws -> RunDescription {
        try RunDescription(
            experiment: row["experiment_name"], experimentText: row["experiment_text"],
            variant: row["variant"], seed: UInt64(bitPattern: row["seed"]),
            topology: row["topology"], method: row["method"], methodName: row["method_name"],
            optimizer: row["optimizer"], dataset: row["dataset"], model: row["model"],
            workers: row["workers"], batch: row["batch"], link: row["link"],
            target: row["target"], config: row["config"], caseHash: row["case_hash"],
            contextHash: row["context_hash"], gitRevision: row["git_revision"], host: row["host"],
            uuid: row["uuid"], context: row["context"])
    }

    /// The status column, whose values the schema checks.
    static func status(_ row: StoredRow) throws -> RunStatus { try status(row["status"]) }

    private static func status(_ word: String) throws -> RunStatus {
        guard let status = RunStatus(rawValue: word) else {
            throw WrongValue(
                word.databaseValue, "status", expected: "the status of a run", query: "FROM run")
        }
        return status
    }
}
