public import Collectives
import Sketching

/// Local top-k with error feedback, all-gathered (DGC, arXiv:1712.01887): every worker sends its k
/// largest residuals with their indices; the update is the mean of all that was sent.
public final class TopKExchange: ExchangeMethod {
    public let carriesMomentum: Bool
    private let layout: GradientLayout
    private let k: Int
    private let worldSize: Int
    private let accumulator: Accumulator
    private let blocks: WorkBuffer
    private let selector: TopKSelector

    /// - Parameters:
    ///   - k: coordinates that each worker sends per step.
    ///   - momentum: accumulated on the worker (momentum correction); 0 leaves it to the optimiser.
    ///   - masking: forget the momentum of what was sent (momentum factor masking).
    /// - Throws: `MethodError` when k does not fit the model.
    public init(
        layout: GradientLayout, k: Int, momentum: Float, masking: Bool, worldSize: Int
    ) throws(MethodError) {
        try checkedCount(k, of: layout)
        self.layout = layout
        self.k = k
        self.worldSize = worldSize
        carriesMomentum = momentum > 0
        accumulator = Accumulator(layout: layout, momentum: momentum, masking: masking)
        blocks = WorkBuffer(count: worldSize * (2 * k + layout.small))
        selector = TopKSelector(capacity: layout.compressible)
    }

    public var residual: UnsafeBufferPointer<Float>? { UnsafeBufferPointer(accumulator.weights) }

    public var state: [StatePart] { accumulator.state }

    public var anatomy: MethodAnatomy { MethodAnatomy(k: k) }

    public func contribution(
        of gradient: UnsafeMutableBufferPointer<Float>, in range: Range<Int>,
        to target: UnsafeMutableBufferPointer<Float>
    ) {
        accumulator.preview(gradient, in: range, to: target)
    }

    /// A sample of the vector that has the k values and zeros elsewhere: the merge adds.
    public func message(
        of contribution: UnsafeMutableBufferPointer<Float>, step: Int,
        into words: UnsafeMutableBufferPointer<Float>
    ) {
        var chosen = [UInt32](repeating: 0, count: k)
        _ = chosen.withUnsafeMutableBufferPointer {
            selector.select(UnsafeBufferPointer(contribution), k: k, into: $0)
        }
        let stride = sampleStride(contribution.count, words.count)
        words.update(repeating: 0)
        for index in chosen.lazy.map({ Int($0) }) where index % stride == 0 {
            if index / stride < words.count { words[index / stride] = contribution[index] }
        }
    }

    /// Words of one worker's block: k indices, k values, the small parameters.
    private var blockWords: Int { 2 * k + layout.small }

    public func exchange(
        _ gradient: UnsafeMutableBufferPointer<Float>, step: Int, over collective: any Collective,
        phases: any PhaseRecorder
    ) throws(CollectiveError) {
        phases.enter(.encode)
        try accumulator.accumulate(gradient)
        fillOwnBlock(rank: collective.rank)
        try collective.allGather(blocks.floats, blockWords: blockWords)
        phases.enter(.decode)
        gradient.update(repeating: 0)
        for rank in 0..<worldSize { addBlock(rank, to: gradient) }
        scale(gradient, by: 1 / Float(worldSize))
    }

    public func serve(
        step: Int, over collective: any Collective, phases: any PhaseRecorder
    ) throws(CollectiveError) {
        try collective.allGather(blocks.floats, blockWords: blockWords)
    }

    private func fillOwnBlock(rank: Int) {
        let start = rank * blockWords
        let indices = blocks.indices(start..<(start + k))
        let values = blocks[(start + k)..<(start + 2 * k)]
        let weights = accumulator.weights
        _ = selector.select(UnsafeBufferPointer(weights), k: k, into: indices)
        for position in 0..<k { values[position] = weights[Int(indices[position])] }
        copy(accumulator.small, to: blocks[(start + 2 * k)..<(start + blockWords)])
        accumulator.clear(indices)
    }

    private func addBlock(_ rank: Int, to update: UnsafeMutableBufferPointer<Float>) {
        let start = rank * blockWords
        let indices = blocks.indices(start..<(start + k))
        let values = blocks[(start + k)..<(start + 2 * k)]
        for position in 0..<k where Int(indices[position]) < layout.compressible {
            update[Int(indices[position])] += values[position]
        }
        add(
            blocks[(start + 2 * k)..<(start + blockWords)],
            to: UnsafeMutableBufferPointer(rebasing: update[layout.smallRange]))
    }
}

/// Copies equally long buffers.
func copy(
    _ source: UnsafeMutableBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>
) {
    UnsafeMutableRawBufferPointer(target).copyMemory(from: UnsafeRawBufferPointer(source))
}
