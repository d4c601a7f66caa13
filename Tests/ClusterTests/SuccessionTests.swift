import Cluster
import Experiment
import Foundation
import RunStore
import Testing

/// What is known of how an earlier coordinator ended.
@Suite("What a coordinator leaves behind")
struct SuccessionTests {
    private let faults = [
        Fault(step: 20, action: .kill, target: .coordinator),
        Fault(step: 30, action: .kill, target: .worker(1)),
    ]

    private func event(_ kind: String, _ detail: String, at seconds: Double) -> EventRow {
        EventRow(
            run: 1, time: Date(timeIntervalSince1970: seconds), kind: kind, node: nil,
            detail: detail)
    }

    @Test("a fault of the experiment is the outage's, until somebody has taken the run over")
    func injected() {
        var events = [
            event("fault", "kill coordinator at step 20", at: 5),
            event("trouble", "", at: 6),
        ]
        func found() -> Double? {
            Succession.injected(faults, events: events)?.timeIntervalSince1970
        }
        #expect(found() == 5)
        events.append(event("taken over", "4 of 4 members came back", at: 7))
        #expect(found() == nil)
        events.append(event("fault", "kill worker 1 at step 30", at: 8))
        #expect(found() == nil)
    }

    @Test("a database was alive when it or its log was written last")
    func lastWritten() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "succession-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = folder.appending(path: "runs.db").path
        #expect(Succession(database: database).lastWritten == nil)
        for (path, seconds) in [(database, 100.0), (database + "-wal", 200)] {
            try Data([1]).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
        }
        #expect(Succession(database: database).lastWritten?.timeIntervalSince1970 == 200)
    }
}
