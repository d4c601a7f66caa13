/// Who talks to whom in a collective operation.
public enum CollectiveTopology: String, CaseIterable, Sendable {
    /// Every worker talks to one dedicated server, whose rank is the world size.
    case star
    /// Neighbours in a circle: reduce-scatter, then all-gather.
    case ring
    /// Binomial tree with root 0.
    case tree
    /// Recursive halving and doubling (Rabenseifner); ranks beyond the largest power of two fold
    /// their part into a partner first and get the result back last.
    case halvingDoubling

    /// Whether one node can reduce to itself and broadcast: the server, or rank 0 of a tree.
    public var isRooted: Bool { self == .star || self == .tree }

    /// The rank that reductions end at, for rooted topologies.
    public func root(worldSize: Int) -> Int { self == .star ? worldSize : 0 }
}

/// A collective operation on a buffer of 4-byte words.
public enum CollectiveOperation: Hashable, Sendable {
    /// Every worker ends with the element-wise sum of all buffers.
    case allReduce(words: Int)
    /// The same for parts of a buffer of `words`: every element is added in the order in which an
    /// all-reduce of the whole buffer adds it, so parts give the same bits as the whole.
    /// `pieceWords` bounds the ranges that one rank sums as an owner, so that a part has some for
    /// every rank; where it cuts finer than the session does, a ring adds in another order.
    case allReduceParts([Range<Int>], of: Int, pieceWords: Int)
    /// The root ends with the combination of all workers' buffers. Rooted topologies only.
    /// `whole` keeps a buffer in one frame, for combinations that are not element-wise.
    case reduce(words: Int, whole: Bool)
    /// Every node ends with the root's buffer. Rooted topologies only.
    case broadcast(words: Int)
    /// The buffer holds one block per rank; every worker ends with all of them.
    case allGather(blockWords: Int)
}
