import Collectives
import Compression
import Experiment
import Wire

/// What the nodes of an observed run exchange beside training: the sums of gradients and
/// contributions, a message of every worker, and a few figures of each. The last exchange holds all
/// of them back until the first rank has computed.
final class ObservationSums {
    /// Figures of a worker: the norm of what it holds back, and its bytes in parts of 2^20.
    static let figureWords = 3

    private let place: RunPlace
    private let weights: Int
    private let messageWords: Int
    private let vectors: WorkBuffer
    private let blocks: WorkBuffer
    private let figures: WorkBuffer

    /// `nil` where nothing is observed.
    init?(_ place: RunPlace) {
        guard place.variant.observe != nil, place.layout.compressible > 0 else { return nil }
        let workers = place.assignment.worldSize
        self.place = place
        weights = place.layout.compressible
        messageWords = place.method.anatomy.messageWords(of: weights)
        vectors = WorkBuffer(count: 2 * weights)
        blocks = WorkBuffer(count: messageWords * workers)
        figures = WorkBuffer(count: Self.figureWords * workers)
    }

    /// The worker's gradient; after the exchange the sum over all.
    var gradient: UnsafeMutableBufferPointer<Float> { vectors[0..<weights] }
    /// The worker's contribution; after the exchange the sum over all.
    var contribution: UnsafeMutableBufferPointer<Float> { vectors[weights..<(2 * weights)] }
    /// The worker's message.
    var message: UnsafeMutableBufferPointer<Float> { part(blocks, messageWords) }
    /// Every worker's, in the order of ranks, after the exchange.
    var messages: UnsafeBufferPointer<Float> { UnsafeBufferPointer(blocks.floats) }

    /// The nodes' part: sums and messages, then what each tells.
    ///
    /// - Parameters:
    ///   - compute: what this node does in between.
    ///   - tell: writes this worker's figures.
    func exchange(
        compute: () -> Void = {},
        tell: (UnsafeMutableBufferPointer<Float>) -> Void = { _ in }
    ) throws(CollectiveError) {
        try place.collective.allReduce(vectors.floats)
        try place.collective.allGather(blocks.floats, blockWords: messageWords)
        compute()
        if !place.replica.isServer { tell(part(figures, Self.figureWords)) }
        try place.collective.allGather(figures.floats, blockWords: Self.figureWords)
    }

    /// The figures of every worker, in the order of ranks.
    var told: [[Float]] {
        (0..<place.assignment.worldSize).map {
            Array(figures[($0 * Self.figureWords)..<(($0 + 1) * Self.figureWords)])
        }
    }

    private func part(_ buffer: WorkBuffer, _ words: Int) -> UnsafeMutableBufferPointer<Float> {
        let start = place.assignment.rank * words
        return buffer[start..<(start + words)]
    }
}
