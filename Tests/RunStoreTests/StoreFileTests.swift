import Foundation
import GRDB
import RunStore
import Testing

@Suite struct StoreFileTests {
    private func sql<Value: DatabaseValueConvertible>(
        _ path: String, _ query: String
    ) throws -> [Value] {
        try DatabaseQueue(path: path).read { try Value.fetchAll($0, sql: query) }
    }

    @Test("the names that outside queries rely on are there")
    func names() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        try store.completeRun(describedRun())
        let tables: [String] = try sql(
            folder.database, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        let promised = [
            "experiment", "run", "run_summary", "node", "step", "evaluation", "event", "v_runs",
            "v_compare",
        ]
        #expect(Set(promised).isSubset(of: tables))
        let columns = [
            "run": ["case_hash", "context_hash", "config", "uuid", "git_revision", "started_at"],
            "node": ["run", "rank", "role", "host", "pid"],
            "step": [
                "run", "rank", "step", "loss", "total_nanoseconds", "wait_nanoseconds",
                "bytes_sent", "bytes_received",
            ],
            "evaluation": ["run", "step", "seconds", "split", "loss", "accuracy"],
            "event": ["run", "time", "kind", "node", "detail"],
            "v_runs": ["run", "experiment", "variant", "samples_per_second", "case_hash"],
            "v_compare": ["run", "experiment", "variant", "compression", "failure"],
        ]
        for (table, names) in columns {
            let found: [String] = try sql(
                folder.database, "SELECT name FROM pragma_table_info('\(table)')")
            #expect(Set(names).isSubset(of: found), "\(table)")
        }
        let modes: [String] = try sql(folder.database, "PRAGMA journal_mode")
        #expect(modes == ["wal"])
        let phases: [Int] = try sql(
            folder.database,
            """
            SELECT total_nanoseconds - compute_nanoseconds - encode_nanoseconds
                - exchange_nanoseconds - wait_nanoseconds - decode_nanoseconds
                - update_nanoseconds FROM step
            """)
        #expect(phases.allSatisfy { $0 == 0 })
    }

    @Test("opening again changes neither schema nor rows")
    func idempotent() throws {
        let folder = try Folder()
        let schema = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        let run = try RunStore(path: folder.database).completeRun(describedRun())
        let before: [String] = try sql(folder.database, schema)
        for readOnly in [false, true, false] {
            let store = try RunStore(path: folder.database, readOnly: readOnly)
            #expect(try store.runs().map(\.run) == [run])
        }
        #expect(try sql(folder.database, schema) == before)
    }

    @Test("reading a missing file says how to make one, and makes none")
    func missing() throws {
        let folder = try Folder()
        let error = #expect(throws: StoreError.missing(path: folder.database)) {
            try RunStore(path: folder.database, readOnly: true)
        }
        #expect(error?.isNotEnoughData == true)
        #expect("\(try #require(error))".contains("peerless run FILE --db \(folder.database)"))
        #expect(!FileManager.default.fileExists(atPath: folder.database))
    }

    @Test("a reader leaves no file behind, and takes none from a writer")
    func leftovers() throws {
        let folder = try Folder()
        func files() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        }
        func read() throws {
            #expect(try RunStore(path: folder.database, readOnly: true).runs().count == 1)
        }
        try RunStore(path: folder.database).completeRun(describedRun())
        #expect(try files() == ["runs.db"])
        try read()
        #expect(try files() == ["runs.db"])
        let writer = try RunStore(path: folder.database)
        try read()
        try writer.completeRun(describedRun(variant: "next"))
        #expect(try RunStore(path: folder.database, readOnly: true).runs().count == 2)
    }

    @Test("a pipe is refused, and not waited for", arguments: [false, true])
    func pipe(readOnly: Bool) throws {
        let folder = try Folder()
        try #require(mkfifo(folder.database, 0o600) == 0)
        let error = #expect(throws: StoreError.self) {
            try RunStore(path: folder.database, readOnly: readOnly)
        }
        #expect(error?.description.contains("no file") == true)
    }

    @Test("a folder that is not there is named")
    func noFolder() throws {
        let folder = try Folder()
        let error = #expect(throws: StoreError.self) {
            try RunStore(path: folder.path + "/none/runs.db")
        }
        #expect("\(try #require(error))".contains("/none/runs.db"))
    }

    @Test("a file that is no database is refused and left as it is", arguments: [false, true])
    func garbage(readOnly: Bool) throws {
        let folder = try Folder()
        let bytes = Data((0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
        try refuses(bytes, in: folder, readOnly: readOnly)
    }

    @Test("a database with overwritten pages is refused before anything is written to it")
    func damagedPages() throws {
        let folder = try Folder()
        try RunStore(path: folder.database).completeRun(describedRun(), steps: 2000)
        var bytes = try Data(contentsOf: URL(filePath: folder.database))
        #expect(bytes.count > 100_000)
        bytes.replaceSubrange(40_960..<90_112, with: Data(repeating: 0xA5, count: 49_152))
        try refuses(bytes, in: folder, readOnly: false)
    }

    @Test("of a large database every table but the steps is looked at before it is written to")
    func largeDamaged() throws {
        let folder = try Folder()
        let limits = RunStore.Limits(checkedBytes: 0)
        let store = try RunStore(path: folder.database)
        let run = try store.completeRun(describedRun())
        let events = (0..<2000).map {
            EventRow(run: run, time: Date(), kind: "note", node: nil, detail: "number \($0)")
        }
        try store.insert(events: events)
        _ = try RunStore(path: folder.database, limits: limits)
        let root: [Int] = try sql(
            folder.database, "SELECT rootpage FROM sqlite_master WHERE name = 'event'")
        try DatabaseQueue(path: folder.database).writeWithoutTransaction {
            _ = try $0.checkpoint(.truncate)
        }
        let url = URL(filePath: folder.database)
        var bytes = try Data(contentsOf: url)
        let page = try #require(root.first) - 1
        bytes.replaceSubrange(
            page * 4096 + 8..<page * 4096 + 512, with: Data(repeating: 0xA5, count: 504))
        try bytes.write(to: url)
        #expect(throws: StoreError.self) {
            try RunStore(path: folder.database, limits: limits)
        }
        #expect(try Data(contentsOf: url) == bytes)
    }

    @Test("a database that was cut short is refused and left as it is")
    func cutShort() throws {
        let folder = try Folder()
        try RunStore(path: folder.database).completeRun(describedRun(), steps: 2000)
        let bytes = try Data(contentsOf: URL(filePath: folder.database))
        try refuses(bytes.prefix(bytes.count / 2), in: folder, readOnly: false)
    }

    @Test("a database of another program is refused and left as it is", arguments: [false, true])
    func foreign(readOnly: Bool) throws {
        let folder = try Folder()
        try DatabaseQueue(path: folder.database).write { database in
            try database.execute(sql: "CREATE TABLE run (id INTEGER)")
        }
        let before = try Data(contentsOf: URL(filePath: folder.database))
        #expect(throws: StoreError.foreign(path: folder.database)) {
            try RunStore(path: folder.database, readOnly: readOnly)
        }
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == before)
    }

    @Test("a schema from the future is refused, an empty file only by readers")
    func otherVersions() throws {
        let folder = try Folder()
        try Data().write(to: URL(filePath: folder.database))
        #expect(throws: StoreError.nothingRecorded(path: folder.database)) {
            try RunStore(path: folder.database, readOnly: true)
        }
        _ = try RunStore(path: folder.database)
        try DatabaseQueue(path: folder.database).write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 the future')")
        }
        for readOnly in [false, true] {
            #expect(throws: StoreError.otherVersion(path: folder.database)) {
                try RunStore(path: folder.database, readOnly: readOnly)
            }
        }
    }

    private func refuses(_ bytes: Data, in folder: Folder, readOnly: Bool) throws {
        let url = URL(filePath: folder.database)
        try bytes.write(to: url)
        let error = #expect(throws: StoreError.self) {
            try RunStore(path: folder.database, readOnly: readOnly)
        }
        guard case .damaged(let path, _) = error else {
            Issue.record("expected a damaged file, found \(String(describing: error))")
            return
        }
        #expect(path == folder.database)
        #expect(try Data(contentsOf: url) == bytes)
    }
}
