import Foundation
import GRDB
import RunStore
import Testing

@Suite struct MigrationTests {
    /// Every released schema, each with a stored database.
    private static let released = [1, 2, 3, 4, 7, 8, 9, 10]

    /// A database as an earlier version left it: run 7 completed, run 8 lost a worker.
    private func make(_ schema: Int, at path: String) throws {
        let file = try #require(
            Bundle.module.url(
                forResource: "schema-\(schema)", withExtension: "sql", subdirectory: "Released"))
        // A dump names rows before those that they refer to.
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let text = try String(contentsOf: file, encoding: .utf8)
        try queue.write { try $0.execute(sql: text) }
        try queue.close()
    }

    @Test(
        "a database of a released schema is taken over with all that it holds",
        arguments: released)
    func earlier(schema: Int) throws {
        let folder = try Folder()
        try make(schema, at: folder.database)
        let store = try RunStore(path: folder.database)
        let row = try #require(try store.comparison(ComparisonFilter(runs: [7])).first)
        #expect(row.steps == 3 && row.seconds == 2.5 && row.checksum == "00000000000000ab")
        #expect(row.variant == "dense" && row.seed == .max - 4 && row.finalLoss == 0.25)
        #expect(row.stepMilliseconds.hidden == (schema > 1 ? 1.5 : nil) && row.faults == nil)
        let nodes = try store.nodes(run: 7)
        #expect(nodes.map(\.name) == ["w0", "w1"] && nodes.allSatisfy { $0.generation == 0 })
        #expect(nodes.map(\.publicKey) == (schema > 9 ? ["key of w0", "key of w1"] : [nil, nil]))
        let detail = try store.detail(run: 8)
        #expect(detail.recoveries.map(\.cause) == (schema > 2 ? [.workerLost] : []))
        #expect(detail.events.map(\.detail) == ["silent"])
        #expect(detail.summary.failure == "worker 1 was lost")
        #expect(try store.detail(run: 7).checkpoints.count == (schema > 2 ? 1 : 0))
        #expect(try store.evaluations(run: 7).map(\.accuracy) == [0.75])
        let steps = try store.steps(run: 7)
        #expect(steps.count == 6 && steps.map(\.loss).prefix(2) == [0.5, 0.25])
        #expect(steps.allSatisfy { $0.hiddenNanoseconds == (schema > 1 ? 2 : 0) })
        #expect(steps.allSatisfy { $0.messagesSent == 3 && $0.bytesSent == 2600 })
        #expect(try RunStore(path: folder.database, readOnly: true).runs().map(\.run) == [7, 8])
    }

    @Test("an earlier run's context is its host's facts without the name", arguments: released)
    func contexts(schema: Int) throws {
        let folder = try Folder()
        try make(schema, at: folder.database)
        let store = try RunStore(path: folder.database)
        let context = try store.context(run: 7)
        #expect(context.hash == "x1")
        #expect(
            context.facts.map(\.key) == [
                "blas", "cores", "engine", "kernel", "memoryBytes", "peerless", "processor",
                "system",
            ])
        #expect(context.facts.map(\.value).contains("onednn 3.0"))
        let hosts = try DatabaseQueue(path: folder.database).read {
            try String.fetchAll($0, sql: "SELECT host FROM v_runs")
        }
        #expect(hosts == ["alpha", "alpha"])
    }

    @Test("a reader leaves an older database as it is and says what to type", arguments: released)
    func reader(schema: Int) throws {
        let folder = try Folder()
        try make(schema, at: folder.database)
        let newest = try DatabaseQueue(path: folder.database).read {
            try Schema.migrator.hasCompletedMigrations($0)
        }
        let bytes = try Data(contentsOf: URL(filePath: folder.database))
        guard !newest else { return }
        let error = #expect(throws: StoreError.olderVersion(path: folder.database)) {
            try RunStore(path: folder.database, readOnly: true)
        }
        #expect("\(try #require(error))".contains("peerless upgrade --db \(folder.database)"))
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == bytes)
    }

    @Test(
        "a database that was taken over has the schema of a new one, and refers to itself well",
        arguments: released)
    func sameSchema(schema: Int) throws {
        let names = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        let columns = """
            SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type IN ('table', 'view') ORDER BY 1
            """
        let (new, old) = (try Folder(), try Folder())
        _ = try RunStore(path: new.database)
        try make(schema, at: old.database)
        _ = try RunStore(path: old.database)
        for query in [names, columns] {
            let found = try [new, old].map { folder in
                try DatabaseQueue(path: folder.database).read {
                    try String.fetchAll($0, sql: query)
                }
            }
            #expect(found[0] == found[1])
        }
        try DatabaseQueue(path: old.database).read { database in
            let broken = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
            #expect(broken.isEmpty)
            let verdict = try String.fetchAll(database, sql: "PRAGMA integrity_check")
            #expect(verdict == ["ok"])
        }
    }

    /// Rows by table, and the views', which must answer for every column.
    private func counts(_ path: String) throws -> [String: Int] {
        try DatabaseQueue(path: path).read { database in
            let names = try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_master WHERE type IN ('table', 'view')
                    AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'
                    """)
            return try Dictionary(
                uniqueKeysWithValues: names.map {
                    ($0, try Row.fetchAll(database, sql: "SELECT * FROM \($0)").count)
                })
        }
    }

    @Test("no row is lost or added by the upgrade, and every view answers", arguments: released)
    func rows(schema: Int) throws {
        let folder = try Folder()
        try make(schema, at: folder.database)
        let before = try counts(folder.database)
        #expect(before.count >= 9 && before["step"] == 8 && before["v_runs"] == 2)
        _ = try RunStore(path: folder.database)
        let after = try counts(folder.database)
        for (name, rows) in before { #expect(after[name] == rows, "\(name)") }
    }

    @Test("the columns that outside queries rely on are there")
    func columns() throws {
        let folder = try Folder()
        _ = try RunStore(path: folder.database)
        let promised = [
            "node": [
                "generation", "clock_offset_nanoseconds", "clock_error_nanoseconds", "public_key",
            ],
            "baseline": ["name", "note", "created_at"], "baseline_run": ["baseline", "run"],
            "noise": [
                "case_hash", "context_hash", "metric", "floor", "pairs", "measured_at",
            ],
            "step": ["began_nanoseconds"], "run": ["identity", "generation"],
            "recovery": [
                "run", "generation", "cause", "node", "slot", "injected_at", "detected_at",
                "recovered_at", "detect_seconds", "recover_seconds", "step", "steps_redone",
                "samples_lost", "residual_norm", "residual_step", "world_before", "world_after",
                "loss_before", "loss_after",
            ],
            "observation": [
                "run", "step", "workers", "gradient_norm", "contribution_norm", "update_norm",
                "residual_norm", "cosine_gradient", "cosine_contribution", "kept", "applied",
                "recall", "captured_energy", "top_energy", "noise_ratio", "unchanged_share",
                "associativity_defect", "bytes_sent", "nanoseconds",
            ],
            "checkpoint": [
                "run", "step", "rank", "world", "path", "bytes", "nanoseconds", "checksum",
            ],
        ]
        let figures = [
            "recoveries", "detect_seconds", "recover_seconds", "steps_redone", "samples_lost",
            "loss_bump",
        ]
        let summaries = ["run_summary": figures, "v_runs": figures, "v_compare": figures]
        for (table, names) in promised.merging(summaries, uniquingKeysWith: +) {
            let found = try DatabaseQueue(path: folder.database).read {
                try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info('\(table)')")
            }
            #expect(Set(names).isSubset(of: found), "\(table)")
        }
    }
}
