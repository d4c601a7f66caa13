import Collectives
import Simulation
import Testing

/// Every topology for every world size from 1 to 16, primes included, under seeded schedules.
@Suite("Program")
struct ProgramTests {
    static let worlds = Array(1...16)

    private func integers(worldSize: Int, words: Int) -> [[Float]] {
        (0..<worldSize).map { rank in
            (0..<words).map { Float(($0 * 31 + rank * 17) % 97 - 48) }
        }
    }

    /// Values whose sum depends on the order of additions.
    private func reals(worldSize: Int, words: Int, seed: UInt64) -> [[Float]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<worldSize).map { _ in
            (0..<words).map { _ in Float.random(in: -1...1, using: &generator) * 1000 }
        }
    }

    private func hostile() -> NetworkOptions {
        var options = NetworkOptions(latencySeconds: 1e-4, bytesPerSecond: 1e8)
        options.jitterSeconds = 5e-3
        options.duplicateProbability = 0.2
        return options
    }

    @Test("all-reduce sums exactly, for every length around the world size", arguments: worlds)
    func allReduceSums(worldSize: Int) {
        for topology in CollectiveTopology.allCases {
            for words in 0...(3 * worldSize + 1) {
                let workers = integers(worldSize: worldSize, words: words)
                let expected = (0..<words).map { index in workers.map { $0[index] }.reduce(0, +) }
                var network = SimulatedNetwork(seed: 1)
                let outcome = network.run(
                    topology, .allReduce(words: words), workers: workers, chunkWords: 2)
                #expect(outcome.stuck.isEmpty, "\(topology) P=\(worldSize) words=\(words)")
                for rank in 0..<worldSize {
                    #expect(outcome.buffers[rank] == expected, "\(topology) P=\(worldSize)")
                }
            }
        }
    }

    @Test(
        "reordered, duplicated and delayed frames change no bit, and all workers hold the same",
        arguments: worlds)
    func schedulesChangeNothing(worldSize: Int) {
        let words = 5 * worldSize + 3
        let workers = reals(worldSize: worldSize, words: words, seed: UInt64(worldSize))
        for topology in CollectiveTopology.allCases {
            var calm = SimulatedNetwork(seed: 0)
            let expected = calm.run(
                topology, .allReduce(words: words), workers: workers, chunkWords: 3)
            for seed in UInt64(1)...20 {
                var network = SimulatedNetwork(options: hostile(), seed: seed)
                let outcome = network.run(
                    topology, .allReduce(words: words), workers: workers, chunkWords: 3)
                #expect(outcome.stuck.isEmpty, "\(topology) P=\(worldSize) seed=\(seed)")
                for rank in 0..<worldSize {
                    #expect(
                        outcome.buffers[rank] == expected.buffers[0],
                        "\(topology) P=\(worldSize) seed=\(seed) rank=\(rank)")
                }
            }
        }
    }

    @Test(
        "all-reduces of parts, in any cut and order, give the bits of the whole", arguments: worlds)
    func partsAreTheWhole(worldSize: Int) {
        let words = 7 * worldSize + 5
        let workers = reals(worldSize: worldSize, words: words, seed: UInt64(worldSize))
        let cuts: [[[Range<Int>]]] = [
            [[0..<words]], [[5..<words], [0..<5]],
            [[words - 1..<words], [3..<9], [9..<(words - 1), 0..<3]],
            (0..<words).reversed().map { [$0..<($0 + 1)] },
        ]
        for topology in CollectiveTopology.allCases {
            var network = SimulatedNetwork(options: hostile(), seed: 4)
            let whole = network.run(
                topology, .allReduce(words: words), workers: workers, chunkWords: 3)
            for cut in cuts {
                var buffers = workers
                for parts in cut {
                    let outcome = network.run(
                        topology, .allReduceParts(parts, of: words, pieceWords: 3),
                        workers: buffers,
                        chunkWords: 3)
                    #expect(outcome.stuck.isEmpty, "\(topology) P=\(worldSize) \(parts)")
                    buffers = Array(outcome.buffers.prefix(worldSize))
                }
                for rank in 0..<worldSize {
                    #expect(buffers[rank] == whole.buffers[0], "\(topology) P=\(worldSize) \(cut)")
                }
            }
        }
    }

    @Test("a window changes no bit")
    func window() {
        for worldSize in 1...9 {
            let words = 12 * worldSize + 5
            let workers = reals(worldSize: worldSize, words: words, seed: UInt64(worldSize))
            for topology in CollectiveTopology.allCases {
                var network = SimulatedNetwork(options: hostile(), seed: 2)
                let free = network.run(
                    topology, .allReduce(words: words), workers: workers, chunkWords: 2)
                for window in 1...3 {
                    var narrow = SimulatedNetwork(options: hostile(), seed: 3)
                    let bounded = narrow.run(
                        topology, .allReduce(words: words), workers: workers, chunkWords: 2,
                        windowWords: 2 * window)
                    #expect(bounded.stuck.isEmpty, "\(topology) P=\(worldSize)")
                    #expect(
                        bounded.buffers.prefix(worldSize) == free.buffers.prefix(worldSize),
                        "\(topology) P=\(worldSize)")
                }
            }
        }
    }

    @Test("queues of one frame more than the window suffice between any two", arguments: 1...9)
    func boundedQueues(worldSize: Int) {
        for topology in CollectiveTopology.allCases {
            for operation in [
                CollectiveOperation.allReduce(words: 24 * worldSize + 5),
                .allGather(blockWords: 40),
            ] {
                for window in 1...4 {
                    let nodes = worldSize + (topology == .star ? 1 : 0)
                    let programs = (0..<nodes).map { rank in
                        Program.make(
                            topology, operation, rank: rank, worldSize: worldSize, chunkWords: 1,
                            windowWords: window)
                    }
                    let left = remainder(of: programs, queue: window + 1)
                    #expect(left == 0, "\(topology) \(operation) P=\(worldSize) W=\(window)")
                }
            }
        }
    }

    /// Instructions that are never carried out when a send waits for room in a queue per pair.
    private func remainder(of programs: [[Instruction]], queue: Int) -> Int {
        var positions = programs.map { _ in 0 }
        var waiting: [[Int]: Int] = [:]
        var moves = true
        while moves {
            moves = false
            for rank in programs.indices {
                while positions[rank] < programs[rank].count {
                    switch programs[rank][positions[rank]] {
                    case .send(let peer, _):
                        guard waiting[[rank, peer], default: 0] < queue else { break }
                        waiting[[rank, peer], default: 0] += 1
                        positions[rank] += 1
                        moves = true
                        continue
                    case .begin(let peer, _), .combine(let peer, _), .replace(let peer, _):
                        guard waiting[[peer, rank], default: 0] > 0 else { break }
                        waiting[[peer, rank], default: 0] -= 1
                        positions[rank] += 1
                        moves = true
                        continue
                    }
                    break
                }
            }
        }
        return zip(programs, positions).reduce(0) { $0 + $1.0.count - $1.1 }
    }

    @Test("all-gather puts every block in its place", arguments: worlds)
    func allGather(worldSize: Int) {
        for topology in CollectiveTopology.allCases {
            for block in [1, 5] {
                let workers = (0..<worldSize).map { rank in
                    (0..<(worldSize * block)).map { $0 / block == rank ? Float(rank + 1) : -1 }
                }
                let expected = (0..<(worldSize * block)).map { Float($0 / block + 1) }
                var network = SimulatedNetwork(options: hostile(), seed: 3)
                let outcome = network.run(
                    topology, .allGather(blockWords: block), workers: workers, chunkWords: 2)
                #expect(outcome.stuck.isEmpty, "\(topology) P=\(worldSize)")
                for rank in 0..<worldSize {
                    #expect(outcome.buffers[rank] == expected, "\(topology) P=\(worldSize)")
                }
            }
        }
    }

    @Test("reduce ends at the root and broadcast begins there", arguments: worlds)
    func rooted(worldSize: Int) {
        for topology in CollectiveTopology.allCases where topology.isRooted {
            let workers = integers(worldSize: worldSize, words: 11)
            let root = topology.root(worldSize: worldSize)
            let expected = (0..<11).map { index in workers.map { $0[index] }.reduce(0, +) }
            for whole in [false, true] {
                var network = SimulatedNetwork(options: hostile(), seed: 5)
                let reduced = network.run(
                    topology, .reduce(words: 11, whole: whole), workers: workers, chunkWords: 4)
                #expect(reduced.buffers[root] == expected)
            }
            var network = SimulatedNetwork(options: hostile(), seed: 6)
            let sent = network.run(
                topology, .broadcast(words: 11), workers: workers, chunkWords: 4)
            #expect(sent.stuck.isEmpty)
            for rank in 0..<worldSize { #expect(sent.buffers[rank] == sent.buffers[root]) }
        }
    }

    @Test("bytes equal the closed formulas of the cost table", arguments: 1...8)
    func bytes(worldSize: Int) {
        let words = 2_520
        let total = 4 * words
        let workers = integers(worldSize: worldSize, words: words)
        func sent(_ topology: CollectiveTopology) -> [Int] {
            var network = SimulatedNetwork(seed: 0)
            return network.run(
                topology, .allReduce(words: words), workers: workers, chunkWords: 3
            ).bytesSent
        }
        let shared = 2 * (worldSize - 1) * total
        #expect(sent(.star) == Array(repeating: total, count: worldSize) + [worldSize * total])
        #expect(sent(.ring) == Array(repeating: shared / worldSize, count: worldSize))
        #expect(sent(.tree).reduce(0, +) == shared)
        #expect(sent(.halvingDoubling).reduce(0, +) == halvingDoublingTotal(worldSize, total))
    }

    /// Core ranks share 2(Q - 1) buffers; each extra rank adds one up and one down.
    private func halvingDoublingTotal(_ worldSize: Int, _ total: Int) -> Int {
        var core = 1
        while core * 2 <= worldSize { core *= 2 }
        return 2 * (core - 1) * total + 2 * (worldSize - core) * total
    }

    @Test("on an emulated gigabit link the ring takes the time of the cost model")
    func modelledTime() {
        let words = 400_000
        let workers = integers(worldSize: 4, words: words)
        var network = SimulatedNetwork(
            options: NetworkOptions(latencySeconds: 2e-4, bytesPerSecond: 125e6), seed: 0)
        let outcome = network.run(
            .ring, .allReduce(words: words), workers: workers, chunkWords: words)
        let model = 6 * 2e-4 + 1.5 * Double(4 * words) / 125e6
        #expect(abs(outcome.seconds / model - 1) < 0.01, "\(outcome.seconds) against \(model)")
    }
}
