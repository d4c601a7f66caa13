import Foundation
import GRDB
import RunStore
import Testing

@Suite("Events of runs that are gone")
struct GoneRunTests {
    @Test("an event of a run that is not there any more keeps nothing else from being recorded")
    func deleted() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let (gone, run) = (
            try store.createRun(describedRun()), try store.createRun(describedRun())
        )
        try store.setStatus(run: gone, .cancelled)
        #expect(try store.prune(runs: [gone]) == 1)
        func words(_ run: Int64?, _ detail: String) -> EventRow {
            EventRow(run: run, time: Date(), kind: "strange frames", node: "w0", detail: detail)
        }
        try store.record(
            steps: [step(run: run, rank: 0, step: 0)],
            events: [words(gone, "1"), words(run, "2"), words(nil, "3")])
        #expect(try store.events(run: run).map(\.detail) == ["2"])
        #expect(try store.steps(run: run).count == 1)
        let others = try DatabaseQueue(path: folder.database).read { database in
            try String.fetchAll(
                database, sql: "SELECT detail FROM event WHERE run IS NULL ORDER BY id")
        }
        #expect(others == ["1 (of run \(gone), which is gone)", "3"])
        #expect(throws: StoreError.unknownRun(gone, newest: run)) { try store.require(run: gone) }
        try store.require(run: run)
    }
}
