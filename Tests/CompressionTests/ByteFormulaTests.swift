import Collectives
import Simulation
import Testing

/// Bytes against the closed formulas of the cost table, for P in 1...8: d = 130, 10 of them small,
/// k = 12, p2 = 4, a sketch of 3 x 64 cells, four bytes each; framing of 48 bytes counted apart.
@Suite("Bytes on the wire", .serialized, .timeLimit(.minutes(10)))
struct ByteFormulaTests {
    static let values = 4
    static let steps = 4

    private func total(_ recipe: Recipe, _ topology: CollectiveTopology, _ worldSize: Int) throws
        -> (workers: Int, server: Int)
    {
        let traces = try ExchangeTests.run(
            recipe, topology, worldSize: worldSize, steps: Self.steps)
        let payload = traces.map { ($0.bytes - 48 * $0.frames) / Self.steps }
        return (payload.prefix(worldSize).reduce(0, +), payload.dropFirst(worldSize).reduce(0, +))
    }

    /// Words that all ranks together send for one all-reduce of `words`.
    private func allReduce(_ topology: CollectiveTopology, _ words: Int, _ worldSize: Int) -> Int {
        switch topology {
        case .star: return worldSize * words
        case .ring, .tree: return 2 * (worldSize - 1) * words
        case .halvingDoubling:
            var core = 1
            while core * 2 <= worldSize { core *= 2 }
            return 2 * (core - 1) * words + 2 * (worldSize - core) * words
        }
    }

    @Test("dense sends the gradient", arguments: 1...8)
    func dense(worldSize: Int) throws {
        for topology in CollectiveTopology.allCases {
            let found = try total(.dense, topology, worldSize)
            #expect(found.workers == 4 * allReduce(topology, 130, worldSize), "\(topology)")
            #expect(found.server == (topology == .star ? 4 * worldSize * 130 : 0))
        }
    }

    @Test("dense in 16 bits sends half of it, in buckets or whole", arguments: 1...8)
    func denseHalf(worldSize: Int) throws {
        for topology in CollectiveTopology.allCases {
            for recipe in [Recipe.denseHalf, .denseBrain] {
                let found = try total(recipe, topology, worldSize)
                #expect(found.workers == 2 * allReduce(topology, 130, worldSize), "\(topology)")
                #expect(found.server == (topology == .star ? 2 * worldSize * 130 : 0))
            }
        }
    }

    @Test("a sketch in 16 bits halves table and values, not the update", arguments: 1...8)
    func sketchHalf(worldSize: Int) throws {
        let found = try total(.sketchHalf, .tree, worldSize)
        let words = 2 * (3 * 64 + 10 + 48) + 4 * (48 + 2 * 12 + 10)
        #expect(found.workers == (worldSize - 1) * words)
        let everywhere = try total(.sketchHalfEverywhere, .ring, worldSize)
        let sums = allReduce(.ring, 3 * 64 + 10, worldSize) + allReduce(.ring, 48, worldSize)
        #expect(everywhere.workers == 2 * sums)
    }

    @Test("top-k sends k indices, k values and the small ones to everybody", arguments: 1...8)
    func topk(worldSize: Int) throws {
        let block = 4 * (2 * 12 + 10)
        let ring = try total(.topk, .ring, worldSize)
        #expect(ring.workers == worldSize * (worldSize - 1) * block)
        let star = try total(.topk, .star, worldSize)
        #expect(star.workers == worldSize * block)
        #expect(star.server == worldSize * (worldSize - 1) * block)
    }

    @Test("gTop-k sends one set up and one down each edge of the tree", arguments: 1...8)
    func gtopk(worldSize: Int) throws {
        let found = try total(.gtopk, .tree, worldSize)
        #expect(found.workers == 2 * (worldSize - 1) * 4 * (2 * 12 + 10))
    }

    @Test("Sketched-SGD: sketch and values up, candidates and update down", arguments: 1...8)
    func sketchedSGD(worldSize: Int) throws {
        let found = try total(.sketch, .star, worldSize)
        #expect(found.workers == worldSize * 4 * (3 * 64 + 10 + 48))
        #expect(found.server == worldSize * 4 * (48 + 2 * 12 + 10))
    }

    @Test("our gs-SGD variant: the same along a tree, from either end", arguments: 1...8)
    func gsSGD(worldSize: Int) throws {
        let root = try total(.sketch, .tree, worldSize)
        let words = (3 * 64 + 10) + 48 + 48 + (2 * 12 + 10)
        #expect(root.workers == (worldSize - 1) * 4 * words)
        let estimated = try total(.sketchEstimated, .tree, worldSize)
        #expect(estimated.workers == (worldSize - 1) * 4 * ((3 * 64 + 10) + (2 * 12 + 10)))
        let everywhere = try total(.sketchEverywhere, .tree, worldSize)
        #expect(everywhere.workers == 2 * (worldSize - 1) * 4 * (3 * 64 + 10 + 48))
    }

    @Test("sketches on ring and halving-doubling put no index on the wire", arguments: 1...8)
    func noIndices(worldSize: Int) throws {
        for topology in [CollectiveTopology.ring, .halvingDoubling] {
            let found = try total(.sketch, topology, worldSize)
            let words =
                allReduce(topology, 3 * 64 + 10, worldSize) + allReduce(topology, 48, worldSize)
            #expect(found.workers == 4 * words, "\(topology)")
        }
    }
}
