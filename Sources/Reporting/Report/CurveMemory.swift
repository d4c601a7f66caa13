import RunStore
import Synchronization

/// Curves of runs that will not change any more, so that a server has them added up once.
public final class CurveMemory: Sendable {
    private struct Key: Hashable {
        var uuid: String
        var finishedAt: String
        var stepsPerPart: Int
    }

    private static let limit = 1000
    private let known = Mutex([Key: RunCurve]())

    /// Empty.
    public init() {}

    /// A run's curve, read where it is not known yet.
    func curve(
        of run: RunDetail, stepsPerPart: Int, from store: RunStore
    ) throws(StoreError) -> RunCurve {
        let number = run.summary.run
        guard run.summary.status.isFinal, let finishedAt = run.finishedAt else {
            return try store.curve(run: number, stepsPerPart: stepsPerPart)
        }
        let key = Key(
            uuid: run.description.uuid, finishedAt: finishedAt, stepsPerPart: stepsPerPart)
        if let curve = known.withLock({ $0[key] }) { return curve }
        let curve = try store.curve(run: number, stepsPerPart: stepsPerPart)
        known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            known[key] = curve
        }
        return curve
    }
}
