import Foundation
import GRDB

extension RunStore {
    /// Queues a run and answers its number.
    public func createRun(_ run: RunDescription) throws(StoreError) -> Int64 {
        let now = Timestamp.text(Date())
        return try write("queueing a run of \(run.variant)") { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO experiment (name, text, created_at) VALUES (?, ?, ?)",
                arguments: [run.experiment, run.experimentText, now])
            let experiment = try Int64.fetchOne(
                database, sql: "SELECT id FROM experiment WHERE name = ? AND text = ?",
                arguments: [run.experiment, run.experimentText])
            try database.execute(
                sql: """
                    INSERT INTO run (uuid, experiment, variant, seed, topology, method, method_name,
                        optimizer, dataset, model, workers, batch, link, target, config, case_hash,
                        context_hash, git_revision, host, context, created_at, host_name)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                        \(Self.hostName))
                    """,
                arguments: [
                    run.uuid, experiment, run.variant, Int64(bitPattern: run.seed), run.topology,
                    run.method, run.methodName, run.optimizer, run.dataset, run.model, run.workers,
                    run.batch, run.link, run.target, run.config, run.caseHash, run.contextHash,
                    run.gitRevision, run.host, run.context, now, run.host, run.host,
                ])
            return database.lastInsertedRowID
        }
    }

    /// The name in a host's facts, given twice.
    private static let hostName = "iif(json_valid(?), json_extract(?, '$.host'), NULL)"

    /// Moves a run on, and stamps its start or end.
    ///
    /// - Parameters:
    ///   - failure: why it failed or was cancelled; replaces earlier words.
    ///   - parameters: number of model parameters once known; `nil` keeps what is there.
    public func setStatus(
        run: Int64, _ status: RunStatus, failure: String? = nil, parameters: Int? = nil
    ) throws(StoreError) {
        try write("setting run \(run) to \(status.rawValue)") { database in
            try Self.setStatus(run, status, failure, parameters, in: database)
        }
    }

    /// Moves a run on within a transaction.
    static func setStatus(
        _ run: Int64, _ status: RunStatus, _ failure: String?, _ parameters: Int?,
        in database: Database
    ) throws {
        let now = Timestamp.text(Date())
        try database.execute(
            sql: """
                UPDATE run SET status = ?, failure = ?, parameters = coalesce(?, parameters),
                    started_at = coalesce(started_at, ?), finished_at = ?
                WHERE id = ?
                """,
            arguments: [
                status.rawValue, failure, parameters, status == .running ? now : nil,
                status.isFinal ? now : nil, run,
            ])
        if database.changesCount == 0 { throw try Self.unknown(run, in: database) }
    }

    /// Records steps in one transaction. A step recorded before is replaced: after a change of
    /// membership workers redo the step.
    public func insert(steps: [StepRow]) throws(StoreError) {
        try record(steps: steps)
    }

    /// Records evaluations in one transaction; one of the same run, step and split is replaced.
    public func insert(evaluations: [EvaluationRow]) throws(StoreError) {
        try record(evaluations: evaluations)
    }

    /// Records events in one transaction.
    public func insert(events: [EventRow]) throws(StoreError) {
        try record(events: events)
    }

    /// Records the processes of a run in one transaction; one of the same generation, rank and role
    /// is replaced.
    public func insert(nodes: [NodeRow]) throws(StoreError) {
        try write("recording nodes") { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO node
                        (run, generation, rank, role, name, host, pid, first_step, public_key)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for node in nodes {
                try statement.execute(arguments: [
                    node.run, node.generation, node.rank, node.role, node.name, node.host,
                    node.pid, node.firstStep, node.publicKey,
                ])
            }
        }
    }

    /// Records all of it in one transaction, or nothing. Rows with the key of an earlier one
    /// replace it; events are added.
    public func record(
        steps: [StepRow] = [], evaluations: [EvaluationRow] = [],
        observations: [ObservationRow] = [], events: [EventRow] = [],
        recoveries: [RecoveryRow] = [], checkpoints: [CheckpointRow] = []
    ) throws(StoreError) {
        try write("recording measurements") { database in
            try Self.insert(steps, in: database)
            let evaluation = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO evaluation VALUES (?, ?, ?, ?, ?, ?)")
            for row in evaluations {
                try evaluation.execute(arguments: [
                    row.run, row.step, row.seconds, row.split, row.loss, row.accuracy,
                ])
            }
            try Self.insert(observations, in: database)
            try Self.insert(events, in: database)
            try Self.insert(recoveries, in: database)
            try Self.insert(checkpoints, in: database)
        }
    }

    /// Events of a run that is not there, because somebody has deleted it meanwhile, are recorded
    /// without one.
    static func insert(_ events: [EventRow], in database: Database) throws {
        let runs = Set(events.compactMap(\.run))
        let missing = try runs.filter { try !contains($0, in: database) }
        let statement = try database.cachedStatement(
            sql: "INSERT INTO event (run, time, kind, node, detail) VALUES (?, ?, ?, ?, ?)")
        for row in events {
            let gone = row.run.flatMap { missing.contains($0) ? $0 : nil }
            let words = gone.map { "\(row.detail) (of run \($0), which is gone)" }
            try statement.execute(arguments: [
                gone == nil ? row.run : nil, Timestamp.text(row.time), row.kind, row.node,
                words ?? row.detail,
            ])
        }
    }

    private static func contains(_ run: Int64, in database: Database) throws -> Bool {
        try Int64.fetchOne(database, sql: "SELECT id FROM run WHERE id = ?", arguments: [run])
            != nil
    }

    /// That there is a run of this number.
    ///
    /// - Throws: `StoreError.unknownRun` when there is none.
    public func require(run: Int64) throws(StoreError) {
        try read("looking for run \(run)") { database in
            guard try Self.contains(run, in: database) else {
                throw try Self.unknown(run, in: database)
            }
        }
    }

    private static func insert(_ steps: [StepRow], in database: Database) throws {
        let marks = Array(repeating: "?", count: 16).joined(separator: ", ")
        let statement = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO step VALUES (\(marks))")
        for row in steps {
            try statement.execute(arguments: [
                row.run, row.rank, row.step, row.loss, row.totalNanoseconds,
                row.computeNanoseconds, row.encodeNanoseconds, row.exchangeNanoseconds,
                row.waitNanoseconds, row.decodeNanoseconds, row.updateNanoseconds,
                row.bytesSent, row.bytesReceived, row.messagesSent, row.hiddenNanoseconds,
                row.beganNanoseconds,
            ])
        }
    }

    /// The error for a run that is not there.
    static func unknown(_ run: Int64, in database: Database) throws -> StoreError {
        .unknownRun(run, newest: try Int64.fetchOne(database, sql: "SELECT max(id) FROM run"))
    }
}
