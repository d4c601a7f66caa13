import Collectives
import Compression
import Simulation
import Testing

/// 16-bit words: what rounding takes away comes back.
@Suite("16-bit exchange", .serialized, .timeLimit(.minutes(10)))
struct RoundingTests {
    static let formats = [WireFormat.float16, .bfloat16]

    /// Updates of a constant gradient that neither format can hold.
    private func updates(
        _ format: WireFormat, _ topology: CollectiveTopology, worldSize: Int, steps: Int
    ) throws -> [[Float]] {
        let layout = GradientLayout(count: 40, compressible: 33)
        return try ThreadedWorld.run(topology, worldSize: worldSize, chunkWords: 7) { node in
            let method = DenseExchange(layout: layout, format: format, bucketWords: 11)
            var sums = [Float](repeating: 0, count: layout.count)
            for step in 0..<steps {
                guard node.collective.rank < worldSize else {
                    try method.serve(step: step, over: node.collective, phases: node.phases)
                    continue
                }
                var gradient = Self.gradient(layout.count)
                try gradient.withUnsafeMutableBufferPointer {
                    try method.exchange(
                        $0, step: step, over: node.collective, phases: node.phases)
                }
                for index in sums.indices { sums[index] += gradient[index] }
            }
            return sums
        }
    }

    private static func gradient(_ count: Int) -> [Float] {
        (0..<count).map { 1 + Float($0 + 1) / 1_003 }
    }

    @Test(
        "over many steps the mean update is the gradient, though each word is rounded",
        arguments: formats, CollectiveTopology.allCases)
    func errorFeedback(format: WireFormat, topology: CollectiveTopology) throws {
        let steps = 200
        let sums = try updates(format, topology, worldSize: 3, steps: steps)
        let once = try updates(format, topology, worldSize: 3, steps: 1)
        let exact = Self.gradient(40)
        // A word's spacing just above 1, spread over the steps.
        let spacing: Float = format == .float16 ? 0x1p-10 : 0x1p-7
        for index in exact.indices {
            let mean = sums[0][index] / Float(steps)
            #expect(abs(mean - exact[index]) < 8 * spacing / Float(steps) + 1e-5)
        }
        #expect(zip(once[0], exact).contains { abs($0 - $1) > spacing / 8 })
    }

    @Test("words that 16 bits can hold are summed as 32-bit words are", arguments: formats)
    func exactWords(format: WireFormat) throws {
        for topology in CollectiveTopology.allCases {
            let sums = try ThreadedWorld.run(topology, worldSize: 5, chunkWords: 4) { node in
                var words = (0..<21).map { Float(($0 + node.collective.rank) % 9 - 4) }
                try words.withUnsafeMutableBufferPointer {
                    try node.collective.allReduce(Transfer($0, as: format))
                }
                return words
            }
            let expected = (0..<21).map { index in
                (0..<5).reduce(Float(0)) { $0 + Float((index + $1) % 9 - 4) }
            }
            for rank in 0..<5 { #expect(sums[rank] == expected, "\(topology) \(rank)") }
        }
    }
}
