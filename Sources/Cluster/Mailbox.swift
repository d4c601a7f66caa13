import Foundation
import Synchronization
import Wire

/// Where a daemon's main thread and its control thread meet.
///
/// The control thread puts in what the coordinator says; the main thread puts in what is to be
/// sent. A pipe wakes the control thread's poller.
final class Mailbox: Sendable {
    private struct State {
        var incoming: [ControlMessage] = []
        var outgoing: [ControlMessage] = []
        var steps: [StepRecord] = []
        var place: (run: Int64, rank: Int)?
        var cancelled: (run: Int64, reason: String)?
        var end: String?
    }

    private let state = Mutex(State())
    private let arrived = DispatchSemaphore(value: 0)
    private let wakeWriter: Int32
    /// Readable when something is to be sent.
    let wakeReader: Int32

    init() throws(ClusterError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw ClusterError("pipe: \(String(cString: strerror(errno)))")
        }
        wakeReader = ends[0]
        wakeWriter = ends[1]
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        close(wakeReader)
        close(wakeWriter)
    }

    // Main thread.

    /// The next word of the coordinator, or `nil` after the time.
    func next(withinMilliseconds: Int) -> ControlMessage? {
        guard arrived.wait(timeout: .now() + .milliseconds(withinMilliseconds)) == .success else {
            return nil
        }
        return state.withLock { $0.incoming.isEmpty ? nil : $0.incoming.removeFirst() }
    }

    /// Queues a message for the coordinator and wakes the control thread.
    func send(_ message: ControlMessage) {
        state.withLock { $0.outgoing.append(message) }
        wake()
    }

    /// Queues a step's record; the control thread sends records in batches.
    func record(_ step: StepRecord, run: Int64, rank: Int) {
        state.withLock {
            $0.place = (run, rank)
            $0.steps.append(step)
        }
    }

    /// Why the run must stop, if it must.
    func cancellation(of run: Int64) -> String? {
        state.withLock { state in
            if let end = state.end { return end }
            guard let cancelled = state.cancelled, cancelled.run == run else { return nil }
            return cancelled.reason
        }
    }

    /// Why the daemon must end, if it must.
    var end: String? { state.withLock { $0.end } }

    // Control thread and signal handlers.

    /// Hands a message to the main thread.
    func deliver(_ message: ControlMessage) {
        state.withLock { state in
            if case .cancel(let run, let reason) = message {
                state.cancelled = (run, reason)
            } else {
                state.incoming.append(message)
            }
        }
        arrived.signal()
    }

    /// Asks the daemon to end; the first reason stays.
    func requestEnd(_ reason: String) {
        state.withLock { if $0.end == nil { $0.end = reason } }
        arrived.signal()
        wake()
    }

    /// What is to be sent now: queued records first, so that no outcome overtakes them.
    func takeOutgoing(flushingSteps: Bool) -> [ControlMessage] {
        drainWake()
        return state.withLock { state in
            var messages: [ControlMessage] = []
            if let place = state.place, !state.steps.isEmpty,
                flushingSteps || !state.outgoing.isEmpty
            {
                messages.append(.metrics(run: place.run, rank: place.rank, steps: state.steps))
                state.steps.removeAll(keepingCapacity: true)
            }
            messages += state.outgoing
            state.outgoing.removeAll()
            return messages
        }
    }

    private func wake() {
        var byte: UInt8 = 1
        _ = write(wakeWriter, &byte, 1)
    }

    private func drainWake() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(wakeReader, &bytes, bytes.count) > 0 {}
    }
}
