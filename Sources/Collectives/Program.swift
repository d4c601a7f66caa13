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
    ///   - windowWords: how far a node's sends run ahead of its receives, in words; 1 MiB or four
    ///     frames where nothing is said. What is on the way then fits into caches and bounded
    ///     queues. It changes no bit.
    ///   - pieceWords: longest range that one rank sums as an owner, in words; a frame's length
    ///     where nothing is said. It decides the order of additions on a ring.
    public static func make(
        _ topology: CollectiveTopology, _ operation: CollectiveOperation, rank: Int,
        worldSize: Int, chunkWords: Int, windowWords: Int? = nil, pieceWords: Int? = nil
    ) -> [Instruction] {
        precondition(worldSize >= 1 && chunkWords >= 1, "a world of 1 and chunks of 1 at least")
        precondition(
            (0..<worldSize).contains(rank) || (topology == .star && rank == worldSize),
            "rank \(rank) is not in a world of \(worldSize)")
        let place = Place(
            rank: rank, worldSize: worldSize, chunkWords: chunkWords,
            pieceWords: pieceWords ?? chunkWords,
            window: max(1, (windowWords ?? max(262_144, 4 * chunkWords)) / chunkWords))
        switch topology {
        case .star: return star(operation, place)
        case .ring: return ring(operation, place)
        case .tree: return tree(operation, place)
        case .halvingDoubling: return halvingDoubling(operation, place)
        }
    }

    /// Sends and receives that do not depend on each other, the receives `window` behind.
    static func interleave(
        _ sends: [Instruction], _ receives: [Instruction], window: Int
    ) -> [Instruction] {
        guard sends.count > window else { return sends + receives }
        var program: [Instruction] = []
        for index in 0..<max(sends.count, receives.count + window) {
            if index < sends.count { program.append(sends[index]) }
            if receives.indices.contains(index - window) {
                program.append(receives[index - window])
            }
        }
        return program
    }

    /// A range of the buffer and the rank that completes its sum.
    struct Piece {
        let owner: Int
        let range: Range<Int>
    }

    /// A node's place, the chunk length and the window in chunks, shared by all
    /// program makers.
    struct Place {
        let rank: Int
        let worldSize: Int
        let chunkWords: Int
        var pieceWords: Int
        let window: Int

        /// The same place with pieces no longer than this.
        func cuttingPieces(to words: Int) -> Place {
            var place = self
            place.pieceWords = max(1, min(pieceWords, words))
            return place
        }

        func chunks(_ range: Range<Int>) -> [Range<Int>] {
            Collectives.chunks(range, of: chunkWords)
        }

        func chunks(_ parts: [Range<Int>]) -> [Range<Int>] { parts.flatMap { chunks($0) } }

        /// Block `index` (taken modulo the world size) of a buffer of one block per worker.
        func block(_ index: Int, words: Int) -> Range<Int> {
            let position = wrapped(index)
            return (position * words)..<((position + 1) * words)
        }

        /// What each of so many owners completes of `parts` of a buffer of `words`, in the buffer's
        /// order. The buffer is cut into equal pieces of `pieceWords` at most, dealt to the owners
        /// in turn: whose piece an element is in depends on the buffer, never on the parts.
        func pieces(of words: Int, in parts: [Range<Int>], owners: Int) -> [Piece] {
            let each = max(1, (words + owners * pieceWords - 1) / (owners * pieceWords))
            let count = each * owners
            return (0..<count).flatMap { piece in
                let range = (piece * words / count)..<((piece + 1) * words / count)
                return parts.filter(range.overlaps).map {
                    Piece(owner: piece % owners, range: range.clamped(to: $0))
                }
            }
        }

        /// A rank or owner modulo the world size.
        func wrapped(_ index: Int) -> Int {
            ((index % worldSize) + worldSize) % worldSize
        }
    }
}
