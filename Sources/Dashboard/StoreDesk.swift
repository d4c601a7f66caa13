import Dispatch
import Foundation
import RunStore
import Synchronization

/// Asks the database on a queue of its own, one question after another: a slow answer holds up other
/// answers, and never the threads that talk with browsers.
///
/// The database is opened when it is first asked, and again after its file was replaced.
final class StoreDesk: Sendable {
    private struct Opened {
        var store: RunStore
        var file: FileIdentity?
    }

    private struct State {
        var opened: Opened?
        var openings = 0
        var pulse: Pulse?
    }

    private let path: String
    private let queue = DispatchQueue(label: "dashboard.store")
    /// Touched on the queue only.
    private let state = Mutex(State())

    init(path: String) {
        self.path = path
    }

    /// What a question comes to.
    func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (RunStore) throws -> Answer
    ) async throws -> Answer {
        try await onQueue { try self.answer { store, _ in try question(store) } }
    }

    /// What listeners of events are told now. One look serves all who ask within a time.
    func pulse(noOlderThan age: Duration) async throws -> Pulse {
        try await onQueue {
            let now = ContinuousClock.now
            let latest = self.state.withLock { $0.pulse }
            if let latest, now - latest.lookedAt < age { return latest }
            let pulse = try self.look(after: latest, now)
            self.state.withLock { $0.pulse = pulse }
            return pulse
        }
    }

    private func look(after latest: Pulse?, _ now: ContinuousClock.Instant) throws -> Pulse {
        do {
            return try answer { store, openings in
                let mark = "\(openings) \(try store.changeMark())"
                if let latest, latest.mark == mark {
                    return Pulse(mark: mark, event: latest.event, lookedAt: now)
                }
                let event = try Pulse.event(try store.liveRuns())
                return Pulse(mark: mark, event: event, lookedAt: now)
            }
        } catch let error as StoreError {
            // What stands in the way is a state like another, and its end a change.
            return Pulse(
                mark: error.description, event: try Pulse.event([]), lookedAt: now)
        }
    }

    private func answer<Answer>(_ question: (RunStore, Int) throws -> Answer) throws -> Answer {
        let (store, openings) = try current()
        do {
            return try question(store, openings)
        } catch let error as StoreError where !error.isNotEnoughData {
            // A file that was written over in place is read anew from its beginning.
            state.withLock { $0.opened = nil }
            throw error
        }
    }

    private func current() throws -> (RunStore, Int) {
        let file = FileIdentity(path)
        return try state.withLock { state in
            if let opened = state.opened, opened.file == file, file != nil {
                return (opened.store, state.openings)
            }
            state.opened = nil
            let store = try RunStore(path: path, readOnly: true)
            state.opened = Opened(store: store, file: file)
            state.openings += 1
            return (store, state.openings)
        }
    }

    private func onQueue<Answer: Sendable>(
        _ work: @escaping @Sendable () throws -> Answer
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
