package import Experiment
package import Foundation
package import RunStore

/// What a coordinator can know of how the one before it ended: what that one has left behind.
package struct Succession {
    /// The last time that the database was written to; `nil` where there was none.
    package let lastWritten: Date?

    /// Looks at a database that nobody has opened yet: opening may write, too.
    package init(database: String) {
        lastWritten = [database, database + "-wal"].compactMap { path in
            let facts = try? FileManager.default.attributesOfItem(atPath: path)
            return facts?[.modificationDate] as? Date
        }.max()
    }

    /// When the experiment killed the coordinator that a run has lost; `nil` if it died otherwise.
    ///
    /// - Parameter events: the run's, in the order of recording.
    package static func injected(_ faults: [Fault], events: [EventRow]) -> Date? {
        let words = Set(
            faults.filter { $0.target == .coordinator && $0.action == .kill }.map(\.summary))
        for event in events.reversed() {
            if event.kind == "taken over" { return nil }
            if event.kind == "fault", words.contains(event.detail) { return event.time }
        }
        return nil
    }

    /// A moment of the wall clock by the board's; no moment of before is later than now.
    static func moment(_ date: Date, now: Double) -> Double {
        now - max(0, Date().timeIntervalSince(date))
    }
}
