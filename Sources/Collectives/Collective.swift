/// Combines a received payload (little-endian words, alignment unknown) into a buffer's range.
public typealias Combine = (UnsafeMutableBufferPointer<Float>, UnsafeRawBufferPointer) -> Void

/// Blocking collective operations, as exchange methods see them.
public protocol Collective: AnyObject {
    /// This node; a dedicated server's rank is the world size.
    var rank: Int { get }
    /// Number of workers.
    var worldSize: Int { get }
    /// Who talks to whom.
    var topology: CollectiveTopology { get }

    /// Begins an operation that adds or copies. It may go on while the caller does something else:
    /// until `finish` returns, the transfer's memory belongs to it. Operations run one after another
    /// in the order of their beginning.
    ///
    /// - Throws: `CollectiveError` when a peer or the transport fails or the run is cancelled.
    func begin(_ operation: CollectiveOperation, _ transfer: Transfer) throws(CollectiveError)

    /// Waits until every operation that was begun is complete on this node.
    ///
    /// - Throws: `CollectiveError`, the first one since the last call.
    func finish() throws(CollectiveError)

    /// Sends every worker's buffer up a tree as one frame, combined at each node.
    ///
    /// - Throws: `CollectiveError` when a peer or the transport fails or the run is cancelled.
    func reduceWhole(
        _ buffer: UnsafeMutableBufferPointer<Float>, combine: Combine
    ) throws(CollectiveError)
}

extension Collective {
    /// Whether this node is where reductions end, in a rooted topology.
    public var isRoot: Bool { topology.isRooted && rank == topology.root(worldSize: worldSize) }

    /// Sums a buffer element-wise over all workers, in place.
    public func allReduce(_ transfer: Transfer) throws(CollectiveError) {
        try run(.allReduce(words: transfer.words.count), transfer)
    }

    /// Sums a buffer element-wise over all workers, in place, as it is.
    public func allReduce(_ buffer: UnsafeMutableBufferPointer<Float>) throws(CollectiveError) {
        try allReduce(Transfer(buffer))
    }

    /// Sums the workers' buffers into the root's.
    public func reduce(_ transfer: Transfer) throws(CollectiveError) {
        try run(.reduce(words: transfer.words.count, whole: false), transfer)
    }

    /// Copies the root's buffer to every worker.
    public func broadcast(_ buffer: UnsafeMutableBufferPointer<Float>) throws(CollectiveError) {
        try run(.broadcast(words: buffer.count), Transfer(buffer))
    }

    /// Fills `buffer`, one block per rank with this rank's own already in place.
    public func allGather(
        _ buffer: UnsafeMutableBufferPointer<Float>, blockWords: Int
    ) throws(CollectiveError) {
        precondition(buffer.count == blockWords * worldSize, "one block per rank")
        try run(.allGather(blockWords: blockWords), Transfer(buffer))
    }

    private func run(
        _ operation: CollectiveOperation, _ transfer: Transfer
    ) throws(CollectiveError) {
        try begin(operation, transfer)
        try finish()
    }
}

/// `target += payload`, element-wise: sixteen at a time, which the compiler does not find by itself
/// because the payload's alignment is not known.
///
/// - Precondition: the payload has a word for every element.
public func addWords(
    _ target: UnsafeMutableBufferPointer<Float>, _ payload: UnsafeRawBufferPointer
) {
    precondition(payload.count >= 4 * target.count, "a word for every element")
    guard let sums = UnsafeMutableRawPointer(target.baseAddress), let words = payload.baseAddress
    else { return }
    let lanes = 16
    let wide = target.count / lanes * lanes
    var index = 0
    while index < wide {
        let sum =
            sums.loadUnaligned(fromByteOffset: 4 &* index, as: SIMD16<Float>.self)
            + words.loadUnaligned(fromByteOffset: 4 &* index, as: SIMD16<Float>.self)
        sums.storeBytes(of: sum, toByteOffset: 4 &* index, as: SIMD16<Float>.self)
        index &+= lanes
    }
    for index in wide..<target.count {
        target[index] += words.loadUnaligned(fromByteOffset: 4 &* index, as: Float.self)
    }
}
