public import Collectives
import Sketching

/// Global top-k along a binomial tree (gTop-k, arXiv:1901.04359), in the mass-conserving form:
/// whoever merges two candidate sets adds what it cuts to its own residual, so residuals plus update
/// always hold the whole gradient. (The authors' code loses what an inner merge cuts.)
public final class GTopKExchange: ExchangeMethod {
    public let carriesMomentum: Bool
    private let layout: GradientLayout
    private let k: Int
    private let accumulator: Accumulator
    private let message: WorkBuffer
    private let merger: SparseMerger
    private let selector: TopKSelector

    /// - Parameters:
    ///   - k: coordinates that survive each merge.
    ///   - momentum: accumulated on the worker; 0 leaves it to the optimiser, as the
    ///     authors' code does.
    /// - Throws: `MethodError` when k does not fit the model.
    public init(
        layout: GradientLayout, k: Int, momentum: Float, masking: Bool
    ) throws(MethodError) {
        try checkedCount(k, of: layout)
        self.layout = layout
        self.k = k
        carriesMomentum = momentum > 0
        accumulator = Accumulator(layout: layout, momentum: momentum, masking: masking)
        message = WorkBuffer(count: 2 * k + layout.small)
        merger = SparseMerger(k: k)
        selector = TopKSelector(capacity: layout.compressible)
    }

    public var residual: UnsafeBufferPointer<Float>? { UnsafeBufferPointer(accumulator.weights) }

    public var state: [StatePart] { accumulator.state }

    public var wholeWords: Int { message.count }

    public var anatomy: MethodAnatomy { MethodAnatomy(k: k, merge: .keepsLargest(k: k)) }

    public func contribution(
        of gradient: UnsafeMutableBufferPointer<Float>, in range: Range<Int>,
        to target: UnsafeMutableBufferPointer<Float>
    ) {
        accumulator.preview(gradient, in: range, to: target)
    }

    public func message(
        of contribution: UnsafeMutableBufferPointer<Float>, step: Int,
        into words: UnsafeMutableBufferPointer<Float>
    ) {
        var chosen = [UInt32](repeating: 0, count: k)
        _ = chosen.withUnsafeMutableBufferPointer {
            selector.select(UnsafeBufferPointer(contribution), k: k, into: $0)
        }
        for position in 0..<k {
            words[position] = Float(bitPattern: chosen[position])
            words[k + position] = contribution[Int(chosen[position])]
        }
    }

    private var indices: UnsafeMutableBufferPointer<UInt32> { message.indices(0..<k) }
    private var values: UnsafeMutableBufferPointer<Float> { message[k..<(2 * k)] }
    private var small: UnsafeMutableBufferPointer<Float> { message[(2 * k)..<message.count] }

    public func exchange(
        _ gradient: UnsafeMutableBufferPointer<Float>, step: Int, over collective: any Collective,
        phases: any PhaseRecorder
    ) throws(CollectiveError) {
        phases.enter(.encode)
        try accumulator.accumulate(gradient)
        fillMessage()
        try collective.reduceWhole(message.floats) { _, payload in
            phases.enter(.decode)
            merge(payload)
            phases.enter(.exchange)
        }
        try collective.broadcast(message.floats)
        phases.enter(.decode)
        applyMessage(to: gradient, workers: collective.worldSize)
    }

    public func serve(
        step: Int, over collective: any Collective, phases: any PhaseRecorder
    ) throws(CollectiveError) {
        preconditionFailure("gTop-k runs on a tree, which has no dedicated server")
    }

    private func fillMessage() {
        let weights = accumulator.weights
        _ = selector.select(UnsafeBufferPointer(weights), k: k, into: indices)
        for position in 0..<k { values[position] = weights[Int(indices[position])] }
        copy(accumulator.small, to: small)
        accumulator.clear(indices)
    }

    private func merge(_ payload: UnsafeRawBufferPointer) {
        let residual = accumulator.weights
        merger.merge(indices: indices, values: values, with: payload) { index, value in
            if Int(index) < residual.count { residual[Int(index)] += value }
        }
        addWords(small, UnsafeRawBufferPointer(rebasing: payload[(8 * k)...]))
    }

    private func applyMessage(to update: UnsafeMutableBufferPointer<Float>, workers: Int) {
        update.update(repeating: 0)
        for position in 0..<k where Int(indices[position]) < layout.compressible {
            update[Int(indices[position])] += values[position]
        }
        copy(small, to: UnsafeMutableBufferPointer(rebasing: update[layout.smallRange]))
        scale(update, by: 1 / Float(workers))
    }
}
