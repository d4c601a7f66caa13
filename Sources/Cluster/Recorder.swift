import Experiment
import Foundation
package import Membership
package import RunStore
import Wire

/// Writes what the board tells into the store, many rows to a transaction, off the critical path.
package final class Recorder {
    private let store: RunStore
    private let keepsSteps: Bool
    private var steps: [StepRow] = []
    private var evaluations: [EvaluationRow] = []
    private var observations: [ObservationRow] = []
    private var events: [EventRow] = []
    private var wall: (run: Int64, generation: UInt32, offset: Int64)?
    private var lastFlush = MonotonicClock.now()

    private static let flushRows = 4_096
    private static let flushNanoseconds: UInt64 = 250_000_000

    /// - Parameter keepsSteps: whether every step's row stays when its run has ended, or only the
    ///   summary is kept.
    package init(store: RunStore, keepsSteps: Bool) {
        self.store = store
        self.keepsSteps = keepsSteps
    }

    package func take(_ effect: RunBoard.Effect) throws(StoreError) {
        switch effect {
        case .send, .refused: break
        case .began(let run): try store.setStatus(run: run, .running)
        case .prepared(let run, let parameters):
            try store.setStatus(run: run, .running, parameters: parameters)
        case .formed(let run, let identity, let generation, let firstStep, let members):
            try form(run, identity, generation, firstStep, members)
        case .clocked(let run, let generation, let node, let reading):
            try store.setClock(
                run: run, generation: Int(generation), node: node,
                offsetNanoseconds: reading.offset + wallOffset(run, generation),
                errorNanoseconds: reading.error)
        case .steps(let run, let rank, let records):
            steps += records.map { StepRow($0, run: run, rank: rank) }
        case .evaluated(let run, let step, let seconds, let loss, let accuracy):
            evaluations.append(
                EvaluationRow(
                    run: run, step: step, seconds: seconds, split: "test", loss: loss,
                    accuracy: accuracy))
        case .observed(let run, let observation):
            observations.append(ObservationRow(observation, run: run))
        case .checkpointed(let run, let rank, let note):
            try store.record(checkpoints: [CheckpointRow(note, run: run, rank: rank)])
        case .rewound(let run, let step): try rewind(run, to: step)
        case .recovered(let run, let recovery):
            try flush(always: true)
            try store.record(recovery: RecoveryRow(recovery, run: run, now: Self.now))
        case .ended(let run, let ending): try end(run, ending)
        case .event(let run, let kind, let node, let detail):
            events.append(
                EventRow(run: run, time: Date(), kind: kind, node: node, detail: detail))
        }
    }

    /// Writes what has gathered, when it is much or old, or when told to; true when everything that
    /// was taken is written.
    @discardableResult
    package func flush(always: Bool) throws(StoreError) -> Bool {
        let now = MonotonicClock.now()
        let isDue = now - lastFlush > Self.flushNanoseconds || steps.count > Self.flushRows
        guard always || isDue else { return false }
        lastFlush = now
        guard
            !(steps.isEmpty && evaluations.isEmpty && observations.isEmpty && events.isEmpty)
        else { return true }
        try store.record(
            steps: steps, evaluations: evaluations, observations: observations, events: events)
        steps.removeAll(keepingCapacity: true)
        evaluations.removeAll(keepingCapacity: true)
        observations.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        return true
    }

    private static var now: Double { Double(MonotonicClock.now()) / 1e9 }

    /// What makes the coordinator's monotonic clock its wall clock: one figure for all nodes of a
    /// generation, or a wall clock that is set meanwhile would move them against each other.
    private func wallOffset(_ run: Int64, _ generation: UInt32) -> Int64 {
        if let wall, wall.run == run, wall.generation == generation { return wall.offset }
        let offset = MonotonicClock.wallOffset()
        wall = (run, generation, offset)
        return offset
    }

    private func form(
        _ run: Int64, _ identity: UInt64, _ generation: UInt32, _ firstStep: Int,
        _ members: [RunBoard.Member]
    ) throws(StoreError) {
        try store.setMembership(run: run, identity: identity, generation: Int(generation))
        try store.insert(
            nodes: members.map { member in
                var row = NodeRow(
                    run: run, rank: member.rank, role: member.hello.role, name: member.hello.name,
                    host: member.hello.host, pid: member.hello.pid)
                row.generation = Int(generation)
                row.firstStep = firstStep
                row.publicKey = member.hello.publicKey
                return row
            })
    }

    /// Drops what could not be written, and writes no more than that a run failed by it.
    func giveUp(_ run: Int64, because reason: String) throws(StoreError) {
        steps.removeAll()
        evaluations.removeAll()
        observations.removeAll()
        events.removeAll()
        try store.record(events: [
            EventRow(run: run, time: Date(), kind: "failed", node: nil, detail: reason)
        ])
        // Its rows stay in any case: to delete them takes room, too.
        try store.end(run: run, .failed, failure: reason, checksum: nil, keepsSteps: true)
    }

    /// What came after the state that the run goes on from is done again.
    private func rewind(_ run: Int64, to step: Int) throws(StoreError) {
        try flush(always: true)
        try store.rewind(
            run: run, toStep: step,
            event: EventRow(
                run: run, time: Date(), kind: "rewound", node: nil,
                detail: "goes on from the state after \(step) steps"))
    }

    /// Names those who took part in steps that they have no rows of.
    private func tellMissingRows(of run: Int64, isComplete: Bool) throws(StoreError) {
        for gap in try store.gaps(run: run, isComplete: isComplete) {
            events.append(
                EventRow(
                    run: run, time: Date(), kind: "rows missing", node: gap.name,
                    detail: gap.description))
        }
    }

    private func end(_ run: Int64, _ ending: RunBoard.Ending) throws(StoreError) {
        let status: RunStatus
        var failure: String?
        var checksum: UInt64?
        switch ending {
        case .completed(let value):
            status = .completed
            checksum = value
        case .failed(let reason):
            status = .failed
            failure = reason
        case .cancelled(let reason):
            status = .cancelled
            failure = reason
        }
        try flush(always: true)
        try tellMissingRows(of: run, isComplete: status == .completed)
        try tellMissedFaults(of: run)
        events.append(
            EventRow(
                run: run, time: Date(), kind: status.rawValue, node: nil, detail: failure ?? ""))
        try flush(always: true)
        try store.end(
            run: run, status, failure: failure, checksum: checksum, keepsSteps: keepsSteps)
    }

    /// A run that never began has missed nothing.
    private func tellMissedFaults(of run: Int64) throws(StoreError) {
        let config = try store.config(run: run)
        guard let variant = try? Variant(json: config), !variant.faults.isEmpty,
            try !store.nodes(run: run).isEmpty
        else { return }
        try flush(always: true)
        let missed = MissedFaults.of(variant.faults, events: try store.events(run: run))
        events += missed.map { fault in
            EventRow(
                run: run, time: Date(), kind: MissedFaults.kind, node: nil,
                detail: fault.summary)
        }
    }
}
