/// The programs of every topology and operation: pure functions of rank, world size and length.
public enum Program {
    /// One node's program.
    ///
    /// - Parameters:
    ///   - topology: who talks to whom.
    ///   - operation: what is asked, with its length in words.
    ///   - rank: the node; `worldSize` is the dedicated server of a star.
    ///   - worldSize: number of workers, at least 1.
    ///   - chunkWords: longest range of one frame, in words.
    public static func make(
        _ topology: CollectiveTopology, _ operation: CollectiveOperation, rank: Int,
        worldSize: Int, chunkWords: Int
    ) -> [Instruction] {
        precondition(worldSize >= 1 && chunkWords >= 1, "a world of 1 and chunks of 1 at least")
        precondition(
            (0..<worldSize).contains(rank) || (topology == .star && rank == worldSize),
            "rank \(rank) is not in a world of \(worldSize)")
        let place = Place(rank: rank, worldSize: worldSize, chunkWords: chunkWords)
        switch topology {
        case .star: return star(operation, place)
        case .ring: return ring(operation, place)
        case .tree: return tree(operation, place)
        case .halvingDoubling: return halvingDoubling(operation, place)
        }
    }

    /// A node's place and the chunk length, shared by all program makers.
    struct Place {
        let rank: Int
        let worldSize: Int
        let chunkWords: Int

        func chunks(_ range: Range<Int>) -> [Range<Int>] {
            Collectives.chunks(range, of: chunkWords)
        }

        /// Segment `index` (taken modulo the world size) of a buffer cut into one per worker.
        func segment(_ index: Int, of words: Int) -> Range<Int> {
            let position = ((index % worldSize) + worldSize) % worldSize
            return (position * words / worldSize)..<((position + 1) * words / worldSize)
        }
    }
}
