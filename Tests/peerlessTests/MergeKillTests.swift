import Foundation
import GRDB
import RunStore
import Testing

/// A merge that is killed leaves the database as it was or with all that was to come.
@Suite("Killed merges", .serialized, .timeLimit(.minutes(10)))
struct MergeKillTests {
    /// Rows of steps to take over: some seconds' worth of pages, so that a kill falls in between.
    private static let rows = 600_000
    private static let runs = AskedStore.runs.count

    @Test("kill -9 within a merge takes nothing, and the next merge takes all")
    func killed() throws {
        let program = try Program()
        let database = program.path("peerless.db")
        try AskedStore.make(at: database)
        let sample = try SampleStore(rows: Self.rows)
        var isInterrupted = false
        // A transaction that outgrows the cache spills into the log: so far the merge has come.
        for megabytes in [1, 8, 24] {
            let merge = try program.start(["merge", sample.path])
            let hasBegun = waitUntil(60) {
                Self.bytes(database + "-wal") > megabytes << 20 || !merge.process.isRunning
            }
            #expect(hasBegun)
            kill(merge.process.processIdentifier, SIGKILL)
            if try merge.finish().status == SIGKILL { isInterrupted = true }
            let found = try RunStore(path: database, readOnly: true).runs().count
            #expect(found == Self.runs || found == Self.runs + sample.runs)
            #expect(try Self.verdict(database) == "ok")
        }
        #expect(isInterrupted, "every merge was over before it was killed")
        let last = try program.run(["merge", sample.path])
        #expect(last.status == 0, "\(last.errors)")
        let counts = try DatabaseQueue(path: database).read { database in
            try ["run", "step"].map {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? 0
            }
        }
        let steps = AskedStore.runs.reduce(0) { $0 + 5 * $1.workers }
        #expect(counts == [Self.runs + sample.runs, steps + sample.rows])
    }

    private static func bytes(_ path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    private static func verdict(_ path: String) throws -> String? {
        try DatabaseQueue(path: path).read {
            try String.fetchOne($0, sql: "PRAGMA integrity_check")
        }
    }
}
