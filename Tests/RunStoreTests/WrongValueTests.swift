import Foundation
import GRDB
import RunStore
import Testing

/// SQLite lets any value stand in any column, and a file may come from anybody.
@Suite("Wrong values", .timeLimit(.minutes(10)))
struct WrongValueTests {
    /// A column, and values that its type does not allow, or hardly.
    private struct Column {
        var table: String
        var name: String
        var wrong: [DatabaseValue]
        var extreme: [DatabaseValue] = []
    }

    /// What no question reads: it is found by, or looked at by nothing but SQL.
    private static let unread: Set<String> = [
        "experiment.id", "experiment.created_at", "run.id", "run.experiment",
        "run_summary.diverged_at", "run_summary.run", "step.run", "evaluation.run", "event.id",
        "event.run", "node.run", "recovery.run", "checkpoint.run", "baseline_run.baseline",
        "observation.run",
    ]

    /// Other names under which questions see a column.
    private static let aliases = [
        "experiment.name": ["name", "experiment"], "run.host_name": ["host"],
        "run.status": ["status", "running"],
    ]

    @Test("whatever stands in a column, every question is answered, or the column is named")
    func everyColumn() throws {
        let folder = try Folder()
        try Self.fill(folder.database)
        let queue = try DatabaseQueue(path: folder.database)
        try Self.allowAnything(queue)
        let columns = try Self.columns(queue)
        #expect(columns.count > 120)
        let reader = try RunStore(path: folder.database, readOnly: true)
        #expect(Self.troubles(of: reader).isEmpty)
        for column in columns {
            let place = "\(column.table).\(column.name)"
            var told = false
            for value in column.wrong + column.extreme {
                let stood = try Self.put(value, into: column, queue)
                let troubles = Self.troubles(of: reader)
                try Self.restore(stood, of: column.table, queue)
                for case .damaged(_, let detail) in troubles {
                    let names = Self.aliases[place] ?? [column.name]
                    #expect(
                        names.contains(where: detail.contains), "\(place) holds \(value): \(detail)"
                    )
                }
                if column.wrong.contains(value), !troubles.isEmpty { told = true }
            }
            #expect(told != Self.unread.contains(place), "\(place)")
        }
    }

    /// What the questions say of a store; a question about what is not there says nothing of it.
    private static func troubles(of store: RunStore) -> [StoreError] {
        let questions: [() throws -> Void] = [
            { _ = try store.runs() }, { _ = try store.detail(run: 1) },
            { _ = try store.steps(run: 1) }, { _ = try store.curve(run: 1, stepsPerPart: 2) },
            { _ = try store.lastStep(run: 1) }, { _ = try store.lossCurve(run: 1, points: 3) },
            { _ = try store.lossAround(run: 1, step: 2) }, { _ = try store.runCounts() },
            { _ = try store.experiments(limit: 10) }, { _ = try store.liveRuns() },
            { _ = try store.unfinishedRuns() }, { _ = try store.comparison() },
            { _ = try store.comparison(ComparisonFilter(runs: [1, 2])) },
            { _ = try store.samples(runs: [1, 2]) }, { _ = try store.baselines() },
            { _ = try store.noise() }, { _ = try store.differingContextKeys(runs: [1, 2]) },
            { _ = try store.phases(run: 1) }, { _ = try store.prunable(RunFilter()) },
            { _ = try store.history(of: .variant("dense-server", experiment: "quickstart")) },
        ]
        return questions.compactMap { question in
            do {
                try question()
                return nil
            } catch let error as StoreError {
                return error.isNotEnoughData ? nil : error
            } catch {
                Issue.record("not a StoreError: \(error)")
                return nil
            }
        }
    }

    /// A completed run and one that goes on, with a row in every table.
    private static func fill(_ path: String) throws {
        let store = try RunStore(path: path)
        try store.completeRun(describedRun(target: 0.4))
        let live = try store.createRun(describedRun(variant: "live"))
        try store.setStatus(run: live, .running, parameters: 100)
        for run in [1, live] {
            try store.insert(nodes: [
                NodeRow(run: run, rank: 0, role: "worker", name: "w", host: "h", pid: 7)
            ])
            var recovery = RecoveryRow(
                run: run, generation: 1, cause: .workerLost, detectedAt: Date(), step: 2,
                worldBefore: 2, worldAfter: 1)
            recovery.recoveredAt = Date()
            try store.record(
                steps: (0..<3).map { step(run: run, rank: 7, step: $0) },
                evaluations: [evaluation(run: run, step: 9, accuracy: 0.5)],
                observations: [ObservationRow(run: run, step: 1, workers: 2)],
                events: [
                    EventRow(run: run, time: Date(), kind: "fault", node: "w", detail: "killed")
                ],
                recoveries: [recovery],
                checkpoints: [
                    CheckpointRow(
                        run: run, step: 2, rank: 0, world: 2, path: "p", bytes: 1,
                        nanoseconds: 1, checksum: "c")
                ])
        }
        try store.end(run: 1, .completed, failure: nil, checksum: 7, keepsSteps: true)
        try store.setBaseline("one", runs: [1])
        try store.record(noise: [
            NoiseRow(
                caseHash: "c", contextHash: "x", metric: "step", floor: 0.1, pairs: 8,
                measuredAt: "2026-01-01T00:00:00.000Z")
        ])
    }

    /// Takes the schema's own conditions away, as whoever makes a file by hand may.
    private static func allowAnything(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA ignore_check_constraints = ON;
                    PRAGMA foreign_keys = OFF;
                    PRAGMA writable_schema = ON;
                    UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE type = 'table';
                    PRAGMA writable_schema = RESET;
                    """)
        }
    }

    private static func columns(_ queue: DatabaseQueue) throws -> [Column] {
        try queue.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT t.name AS "table", c.name, c.type FROM sqlite_master t, \
                    pragma_table_info(t.name) c WHERE t.type = 'table'
                        AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'grdb%'
                    """
            ).map { row in
                var column = Column(table: row["table"], name: row["name"], wrong: [])
                let text = "\u{1B}words".databaseValue
                let bytes = Data([0xFF, 0]).databaseValue
                switch row["type"] as String {
                case "INTEGER":
                    column.wrong = [text, bytes, 1.5.databaseValue]
                    column.extreme = [.null] + [Int64.max, .min, -1].map(\.databaseValue)
                case "REAL":
                    column.wrong = [text, bytes]
                    column.extreme = [.null] + [1e308, -.infinity].map(\.databaseValue)
                default:
                    column.wrong = [bytes]
                    column.extreme = [.null, "".databaseValue]
                }
                return column
            }
        }
    }

    /// Sets a column of every row that lets it be; the rows as they were.
    private static func put(
        _ value: DatabaseValue, into column: Column, _ queue: DatabaseQueue
    ) throws -> [Row] {
        try queue.write { database in
            let rows = try Row.fetchAll(database, sql: "SELECT * FROM \(column.table)")
            // A key's column that may not have it keeps its own.
            try? database.execute(
                sql: "UPDATE OR IGNORE \(column.table) SET \(column.name) = ?",
                arguments: [value])
            return rows
        }
    }

    private static func restore(
        _ rows: [Row], of table: String, _ queue: DatabaseQueue
    ) throws {
        try queue.write { database in
            try database.execute(sql: "DELETE FROM \(table)")
            for row in rows {
                let marks = row.columnNames.map { _ in "?" }.joined(separator: ", ")
                try database.execute(
                    sql: "INSERT INTO \(table) VALUES (\(marks))",
                    arguments: StatementArguments(row.databaseValues))
            }
        }
    }
}
