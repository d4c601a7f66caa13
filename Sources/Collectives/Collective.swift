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

    /// Runs an operation on `buffer` to its end on this node.
    ///
    /// - Throws: `CollectiveError` when a peer or the transport fails or the run is cancelled.
    func run(
        _ operation: CollectiveOperation, on buffer: UnsafeMutableBufferPointer<Float>,
        combine: Combine
    ) throws(CollectiveError)
}

extension Collective {
    /// Whether this node is where reductions end, in a rooted topology.
    public var isRoot: Bool { topology.isRooted && rank == topology.root(worldSize: worldSize) }

    /// Sums `buffer` element-wise over all workers, in place.
    public func allReduce(_ buffer: UnsafeMutableBufferPointer<Float>) throws(CollectiveError) {
        try run(.allReduce(words: buffer.count), on: buffer, combine: addWords)
    }

    /// Sums the workers' buffers into the root's.
    public func reduce(_ buffer: UnsafeMutableBufferPointer<Float>) throws(CollectiveError) {
        try run(.reduce(words: buffer.count, whole: false), on: buffer, combine: addWords)
    }

    /// Copies the root's buffer to every worker.
    public func broadcast(_ buffer: UnsafeMutableBufferPointer<Float>) throws(CollectiveError) {
        try run(.broadcast(words: buffer.count), on: buffer, combine: addWords)
    }

    /// Fills `buffer`, one block per rank with this rank's own already in place.
    public func allGather(
        _ buffer: UnsafeMutableBufferPointer<Float>, blockWords: Int
    ) throws(CollectiveError) {
        precondition(buffer.count == blockWords * worldSize, "one block per rank")
        try run(.allGather(blockWords: blockWords), on: buffer, combine: addWords)
    }

    /// Sends every worker's buffer up a tree as one frame, combined at each node.
    public func reduceWhole(
        _ buffer: UnsafeMutableBufferPointer<Float>, combine: Combine
    ) throws(CollectiveError) {
        try run(.reduce(words: buffer.count, whole: true), on: buffer, combine: combine)
    }
}

/// `target += payload`, element-wise.
public func addWords(
    _ target: UnsafeMutableBufferPointer<Float>, _ payload: UnsafeRawBufferPointer
) {
    for index in 0..<target.count {
        target[index] += payload.loadUnaligned(fromByteOffset: 4 &* index, as: Float.self)
    }
}
