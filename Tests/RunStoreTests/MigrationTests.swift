import Foundation
import GRDB
import RunStore
import Testing

@Suite struct MigrationTests {
    /// A database as an earlier version left it, with one run, its summary, a node and a step.
    private func make(upTo migration: String, at path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: migration)
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO experiment (id, name, text, created_at) VALUES (1, 'e', 't', 'now');
                    INSERT INTO run (id, uuid, experiment, variant, seed, topology, method,
                        method_name, optimizer, dataset, model, workers, batch, config, case_hash,
                        context_hash, host, status, created_at)
                    VALUES (7, 'u', 1, 'v', 1, 'ring', 'dense', 'dense', 'sgd', 'digits', 'mlp', 4,
                        32, '{}', 'c', 'x', '{}', 'completed', 'now');
                    INSERT INTO run_summary (run, steps, seconds, checksum)
                        VALUES (7, 5, 2.5, 'abc');
                    INSERT INTO node (run, rank, role, name, host, pid)
                        VALUES (7, 0, 'worker', 'w0', 'h', 42), (7, 1, 'server', 's', 'h', 43);
                    INSERT INTO step (run, rank, step, loss, total_nanoseconds,
                        compute_nanoseconds, encode_nanoseconds, exchange_nanoseconds,
                        wait_nanoseconds, decode_nanoseconds, update_nanoseconds, bytes_sent,
                        bytes_received, messages_sent)
                    VALUES (7, 0, 0, 0.5, 21, 1, 2, 3, 4, 5, 6, 100, 200, 3);
                    INSERT INTO evaluation VALUES (7, 5, 2.5, 'test', 0.5, 0.75);
                    INSERT INTO event (run, time, kind, detail) VALUES (7, 'now', 'done', '');
                    """)
        }
        try queue.close()
    }

    @Test(
        "a database of an earlier schema is taken over with all that it holds",
        arguments: ["1 tables and views", "2 hidden exchange"])
    func earlier(schema: String) throws {
        let folder = try Folder()
        try make(upTo: schema, at: folder.database)
        #expect(throws: StoreError.otherVersion(path: folder.database)) {
            try RunStore(path: folder.database, readOnly: true)
        }
        let store = try RunStore(path: folder.database)
        let row = try #require(try store.comparison().first)
        #expect(row.run == 7 && row.steps == 5 && row.seconds == 2.5 && row.checksum == "abc")
        #expect(row.stepMilliseconds.hidden == nil && row.faults == nil)
        #expect(
            try store.nodes(run: 7) == [
                NodeRow(run: 7, rank: 0, role: "worker", name: "w0", host: "h", pid: 42),
                NodeRow(run: 7, rank: 1, role: "server", name: "s", host: "h", pid: 43),
            ])
        let detail = try store.detail(run: 7)
        #expect(detail.recoveries.isEmpty && detail.checkpoints.isEmpty)
        #expect(detail.evaluations.count == 1 && detail.events.count == 1)
        let step = try #require(try store.steps(run: 7).first)
        #expect(step.loss == 0.5 && step.messagesSent == 3 && step.hiddenNanoseconds == 0)
        #expect(try store.unfinishedRuns().isEmpty)
        #expect(try RunStore(path: folder.database, readOnly: true).runs().map(\.run) == [7])
    }

    @Test("a database that was taken over has the schema of a new one, and refers to itself well")
    func sameSchema() throws {
        let names = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
        let columns = """
            SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type IN ('table', 'view') ORDER BY 1
            """
        let new = try Folder()
        _ = try RunStore(path: new.database)
        for schema in ["1 tables and views", "2 hidden exchange"] {
            let old = try Folder()
            try make(upTo: schema, at: old.database)
            _ = try RunStore(path: old.database)
            for query in [names, columns] {
                let found = try [new, old].map { folder in
                    try DatabaseQueue(path: folder.database).read {
                        try String.fetchAll($0, sql: query)
                    }
                }
                #expect(found[0] == found[1])
            }
            let broken = try DatabaseQueue(path: old.database).read {
                try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count
            }
            #expect(broken == 0)
        }
    }

    @Test("the columns that outside queries rely on are there")
    func columns() throws {
        let folder = try Folder()
        _ = try RunStore(path: folder.database)
        let promised = [
            "node": ["generation"], "run": ["identity", "generation"],
            "recovery": [
                "run", "generation", "cause", "node", "slot", "injected_at", "detected_at",
                "recovered_at", "detect_seconds", "recover_seconds", "step", "steps_redone",
                "samples_lost", "residual_norm", "residual_step", "world_before", "world_after",
                "loss_before", "loss_after",
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
