import Collectives

/// A collective that breaks at one of its operations, before or after it, and leaves the memory of
/// that operation as a broken-off one may: full of anything.
final class BreakingCollective: Collective {
    enum Moment: CaseIterable, Sendable { case before, after }

    private let inner: any Collective
    private let moment: Moment
    private var left: Int

    init(_ inner: any Collective, operation: Int, _ moment: Moment) {
        self.inner = inner
        self.moment = moment
        left = operation
    }

    var rank: Int { inner.rank }
    var worldSize: Int { inner.worldSize }
    var topology: CollectiveTopology { inner.topology }

    func begin(
        _ operation: CollectiveOperation, _ transfer: Transfer
    ) throws(CollectiveError) {
        try breaking(transfer) { () throws(CollectiveError) in
            try inner.begin(operation, transfer)
        }
    }

    func finish() throws(CollectiveError) { try inner.finish() }

    func reduceWhole(
        _ buffer: UnsafeMutableBufferPointer<Float>, combine: Combine
    ) throws(CollectiveError) {
        try breaking(Transfer(buffer)) { () throws(CollectiveError) in
            try inner.reduceWhole(buffer, combine: combine)
        }
    }

    private func breaking(
        _ transfer: Transfer, _ body: () throws(CollectiveError) -> Void
    ) throws(CollectiveError) {
        defer { left -= 1 }
        guard left == 0 else { return try body() }
        if moment == .after { try body() }
        transfer.words.update(repeating: .signalingNaN)
        transfer.residual?.update(repeating: 7)
        throw .cancelled("broken off")
    }
}
