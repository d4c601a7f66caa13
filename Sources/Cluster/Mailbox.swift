import Foundation
import Membership
import Synchronization
import Wire

/// Where a daemon's main thread and its control thread meet.
///
/// The control thread puts in what the coordinator says, which the daemon's `MemberMachine` turns
/// into things to do; the main thread puts in what is to be sent. A pipe wakes the control thread's
/// poller.
final class Mailbox: Sendable {
    private struct State {
        var machine = MemberMachine()
        var outgoing: [ControlMessage] = []
        var steps: [StepRecord] = []
        var place: (run: Int64, generation: UInt32, rank: Int)?
        var end: String?
    }

    private let state = Mutex(State())
    private let arrived = DispatchSemaphore(value: 0)
    private let sent = DispatchSemaphore(value: 0)
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

    /// The next thing to do, or `nil` after the time.
    func next(withinMilliseconds: Int) -> MemberMachine.Action? {
        if let action = state.withLock({ $0.machine.next() }) { return action }
        _ = arrived.wait(timeout: .now() + .milliseconds(withinMilliseconds))
        return state.withLock { $0.machine.next() }
    }

    /// Queues a message for the coordinator and wakes the control thread.
    func send(_ message: ControlMessage) {
        state.withLock { $0.outgoing.append(message) }
        wake()
    }

    /// Queues a message, and waits until the control thread has given it to its socket.
    func sendAndWait(_ message: ControlMessage, withinMilliseconds: Int) {
        while sent.wait(timeout: .now()) == .success {}
        send(message)
        _ = sent.wait(timeout: .now() + .milliseconds(withinMilliseconds))
    }

    /// Queues a step's record; the control thread sends records in batches.
    func record(_ step: StepRecord, in assignment: Assignment) {
        state.withLock {
            $0.place = (assignment.run, assignment.generation, assignment.rank)
            $0.steps.append(step)
        }
    }

    /// Why work on a generation of a run must stop, if it must.
    func interruption(of run: Int64, generation: UInt32) -> String? {
        state.withLock { $0.end ?? $0.machine.interruption(of: run, generation: generation) }
    }

    /// Why the daemon must end, if it must.
    var end: String? { state.withLock { $0.end } }

    // Control thread and signal handlers.

    /// The place in a run that the daemon holds.
    var place: Hello.Place? { state.withLock { $0.machine.currentPlace } }

    /// Hands a word of the coordinator over.
    func deliver(_ message: ControlMessage) {
        state.withLock { $0.machine.received(message) }
        arrived.signal()
    }

    /// The coordinator has on record how the daemon's part of a generation ended.
    func settle(run: Int64, generation: UInt32) {
        state.withLock { $0.machine.leave(run: run, generation: generation) }
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
                messages.append(
                    .metrics(
                        run: place.run, generation: place.generation, rank: place.rank,
                        steps: state.steps))
                state.steps.removeAll(keepingCapacity: true)
            }
            messages += state.outgoing
            state.outgoing.removeAll()
            return messages
        }
    }

    /// What was taken has been given to the socket.
    func haveSent() { sent.signal() }

    private func wake() {
        var byte: UInt8 = 1
        _ = write(wakeWriter, &byte, 1)
    }

    private func drainWake() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(wakeReader, &bytes, bytes.count) > 0 {}
    }
}
