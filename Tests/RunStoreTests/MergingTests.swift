import Foundation
import GRDB
import RunStore
import Testing

@Suite struct MergingTests {
    private func store(_ folder: Folder, _ variants: [String]) throws -> RunStore {
        let store = try RunStore(path: folder.database)
        for variant in variants {
            let run = try store.completeRun(describedRun(variant: variant))
            try store.insert(events: [
                EventRow(run: run, time: Date(), kind: "k", node: nil, detail: variant)
            ])
            var node = NodeRow(run: run, rank: 0, role: "worker", name: "w", host: "h", pid: 7)
            node.publicKey = "key of \(variant)"
            try store.insert(nodes: [node])
            try store.record(observations: [ObservationRow(run: run, step: 49, workers: 2)])
            try store.record(checkpoints: [
                CheckpointRow(
                    run: run, step: 3, rank: 0, world: 2, path: "/c", bytes: 1, nanoseconds: 2,
                    checksum: "ab")
            ])
        }
        return store
    }

    @Test("merging takes everything of every run that is not there, once")
    func merge() throws {
        let (mine, others) = (try Folder(), try Folder())
        let store = try store(mine, ["a"])
        let other = try self.store(others, ["b", "c"])
        let waiting = try other.createRun(describedRun(variant: "waiting"))
        for again in [false, true] {
            let outcome = try store.merge(from: others.database)
            #expect(outcome.added == (again ? 0 : 2) && outcome.known == (again ? 2 : 0))
            #expect(outcome.unfinished == 1)
        }
        #expect(try store.runs().map(\.variant) == ["a", "b", "c"])
        for (old, new) in [(1, 2), (2, 3)] as [(Int64, Int64)] {
            var (was, now) = (try other.detail(run: old), try store.detail(run: new))
            #expect(was.description == now.description && now.summary.checksum != nil)
            #expect(now.events.map(\.detail) == was.events.map(\.detail))
            #expect(now.checkpoints.count == 1 && now.observations.map(\.run) == [new])
            #expect(now.evaluations.count == 1)
            #expect(now.nodes.map(\.publicKey) == ["key of \(now.description.variant)"])
            was.summary.run = new
            #expect(now.summary.seconds == was.summary.seconds)
            let steps = try other.steps(run: old).map { step in
                var step = step
                step.run = new
                return step
            }
            #expect(try store.steps(run: new) == steps)
        }
        #expect(try other.runs().count == 3 && other.detail(run: waiting).events.isEmpty)
        #expect(try store.comparison().count == 3)
    }

    @Test(
        "a value of another type, and a view in a table's place, are refused, and nothing is taken",
        arguments: [
            "UPDATE run SET workers = 'many'", "UPDATE run SET config = x'00'",
            "UPDATE run_summary SET final_loss = 'low'", "UPDATE step SET bytes_sent = 'x'",
            "ALTER TABLE event RENAME TO e; CREATE VIEW event AS SELECT * FROM e",
            "ALTER TABLE run ADD COLUMN more AS (1)",
        ])
    func hostile(change: String) throws {
        let (mine, others) = (try Folder(), try Folder())
        let store = try store(mine, ["a"])
        _ = try self.store(others, ["b"])
        try DatabaseQueue(path: others.database).write { try $0.execute(sql: change) }
        let error = #expect(throws: StoreError.self) {
            try store.merge(from: others.database)
        }
        guard case .damaged(let path, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path == others.database)
        #expect(try store.runs().map(\.variant) == ["a"])
    }

    @Test("a known run with other values there is named, and kept as it is here")
    func differing() throws {
        let (mine, others) = (try Folder(), try Folder())
        let store = try store(mine, [])
        _ = try self.store(others, ["a", "b", "c"])
        _ = try store.merge(from: others.database)
        #expect(try store.merge(from: others.database).differing.isEmpty)
        let uuids = try DatabaseQueue(path: others.database).write { database in
            try database.execute(sql: "UPDATE run SET git_revision = 'other' WHERE variant = 'a'")
            try database.execute(sql: "UPDATE run_summary SET checksum = NULL WHERE run = 3")
            return try String.fetchAll(
                database, sql: "SELECT uuid FROM run WHERE variant <> 'b' ORDER BY id")
        }
        let before = try store.comparison()
        let outcome = try store.merge(from: others.database)
        #expect(outcome.differing == uuids && outcome.known == 3 && outcome.added == 0)
        #expect(try store.comparison() == before)
    }

    @Test("what cannot be merged is named, and nothing is taken")
    func refused() throws {
        let (mine, others) = (try Folder(), try Folder())
        let store = try store(mine, ["a"])
        #expect(throws: StoreError.nothingToTake(path: others.database)) {
            try store.merge(from: others.database)
        }
        try DatabaseQueue(path: others.database).write {
            try $0.execute(sql: "CREATE TABLE run (id)")
        }
        #expect(throws: StoreError.foreign(path: others.database)) {
            try store.merge(from: others.database)
        }
        #expect(try store.runs().count == 1)
    }

    @Test("an archive holds its runs alone, in one file, and merges back")
    func archive() throws {
        let (mine, others) = (try Folder(), try Folder())
        let store = try store(mine, ["a", "b", "c"])
        let file = mine.path + "/some.archive"
        try store.archive(runs: [3, 1], to: file)
        let names = try FileManager.default.contentsOfDirectory(atPath: mine.path)
        #expect(names.filter { $0.hasPrefix("some") } == ["some.archive"])
        #expect(try RunStore(path: file, readOnly: true).runs().map(\.variant) == ["a", "c"])
        let other = try self.store(others, [])
        #expect(try other.merge(from: file).added == 2)
        #expect(try other.steps(run: 2).count == 8)
        #expect(try other.nodes(run: 2).map(\.publicKey) == ["key of c"])
        #expect(try store.merge(from: file).known == 2)
    }

    @Test("an older archive is upgraded in a copy", arguments: [1, 2, 3, 4])
    func older(schema: Int) throws {
        let (mine, others) = (try Folder(), try Folder())
        let file = try #require(
            Bundle.module.url(
                forResource: "schema-\(schema)", withExtension: "sql", subdirectory: "Released"))
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: others.database, configuration: configuration)
        let text = try String(contentsOf: file, encoding: .utf8)
        try queue.write { try $0.execute(sql: text) }
        try queue.close()
        let bytes = try Data(contentsOf: URL(filePath: others.database))
        let store = try store(mine, ["a"])
        #expect(try store.merge(from: others.database).added == 2)
        #expect(try store.steps(run: 2).count == 6)
        #expect(try store.detail(run: 3).summary.failure == "worker 1 was lost")
        #expect(try Data(contentsOf: URL(filePath: others.database)) == bytes)
    }

    @Test("pruning deletes ended runs that match, with all their rows, and keeps the newest")
    func prune() throws {
        let folder = try Folder()
        let store = try store(folder, ["a", "a", "a", "b"])
        let waiting = try store.createRun(describedRun(experiment: "other"))
        #expect(try store.prunable(RunFilter(), keepLast: 1).map(\.run) == [1, 2])
        #expect(try store.prunable(RunFilter(), keepLast: 2).map(\.run) == [1])
        #expect(try store.prunable(RunFilter(experiment: "other")).isEmpty)
        #expect(try store.prune(runs: [1, 2, waiting]) == 2)
        #expect(try store.runs().map(\.run) == [3, 4, waiting])
        let left = try DatabaseQueue(path: folder.database).read { database in
            try [
                "step", "evaluation", "event", "checkpoint", "run_summary",
            ].map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0) WHERE run < 3") }
        }
        #expect(left.allSatisfy { $0 == 0 })
        #expect(try store.prune(runs: [3, 4]) == 2)
        let experiments = try DatabaseQueue(path: folder.database).read {
            try String.fetchAll($0, sql: "SELECT name FROM experiment")
        }
        #expect(experiments == ["other"])
    }
}
