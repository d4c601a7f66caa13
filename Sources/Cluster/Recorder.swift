import Foundation
import RunStore
import Wire

/// Writes what the board tells into the store, many rows to a transaction, off the critical path.
final class Recorder {
    private let store: RunStore
    private let keepsSteps: Bool
    private var steps: [StepRow] = []
    private var evaluations: [EvaluationRow] = []
    private var events: [EventRow] = []
    private var lastFlush = MonotonicClock.now()

    private static let flushRows = 4_096
    private static let flushNanoseconds: UInt64 = 250_000_000

    /// - Parameter keepsSteps: whether every step becomes a row, or only the run's summary is kept.
    init(store: RunStore, keepsSteps: Bool) {
        self.store = store
        self.keepsSteps = keepsSteps
    }

    func take(_ effect: RunBoard.Effect) throws(StoreError) {
        switch effect {
        case .send: break
        case .began(let run):
            try store.setStatus(run: run, .running, failure: nil, parameters: nil)
        case .prepared(let run, let parameters):
            try store.setStatus(run: run, .running, failure: nil, parameters: parameters)
        case .member(let run, let rank, let hello):
            try store.insert(nodes: [
                NodeRow(
                    run: run, rank: rank, role: hello.role, name: hello.name, host: hello.host,
                    pid: hello.pid)
            ])
        case .steps(let run, let rank, let records):
            steps += records.map { StepRow($0, run: run, rank: rank) }
        case .evaluated(let run, let step, let seconds, let loss, let accuracy):
            evaluations.append(
                EvaluationRow(
                    run: run, step: step, seconds: seconds, split: "test", loss: loss,
                    accuracy: accuracy))
        case .ended(let run, let ending): try end(run, ending)
        case .event(let run, let kind, let node, let detail):
            events.append(
                EventRow(run: run, time: Date(), kind: kind, node: node, detail: detail))
        }
    }

    /// Writes what has gathered, when it is much or old, or when told to.
    func flush(always: Bool) throws(StoreError) {
        let now = MonotonicClock.now()
        let isDue = now - lastFlush > Self.flushNanoseconds || steps.count > Self.flushRows
        guard always || isDue else { return }
        lastFlush = now
        let rows = keepsSteps ? steps : []
        guard !(rows.isEmpty && evaluations.isEmpty && events.isEmpty) else { return }
        try store.record(steps: rows, evaluations: evaluations, events: events)
        if keepsSteps { steps.removeAll(keepingCapacity: true) }
        evaluations.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
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
        events.append(
            EventRow(
                run: run, time: Date(), kind: status.rawValue, node: nil, detail: failure ?? ""))
        try flush(always: true)
        try store.setStatus(run: run, status, failure: failure, parameters: nil)
        try store.summarise(run: run, checksum: checksum, steps: keepsSteps ? nil : steps)
        steps.removeAll(keepingCapacity: true)
    }
}

extension StepRow {
    /// A row of the store from what a node measured.
    init(_ record: StepRecord, run: Int64, rank: Int) {
        self.init(
            run: run, rank: rank, step: record.step, loss: record.loss,
            totalNanoseconds: record.total, computeNanoseconds: record.compute,
            encodeNanoseconds: record.encode, exchangeNanoseconds: record.exchange,
            waitNanoseconds: record.wait, decodeNanoseconds: record.decode,
            updateNanoseconds: record.update, hiddenNanoseconds: record.hidden,
            bytesSent: record.bytesSent, bytesReceived: record.bytesReceived,
            messagesSent: record.messagesSent)
    }
}
