import Collectives
import Compression
import Simulation
import Sketching
import Testing

/// What a test asks for: a method with its options.
enum Recipe: CaseIterable, Sendable {
    case dense, denseBuckets, denseHalf, denseBrain, topk, gtopk, sketch, sketchEverywhere
    case sketchEstimated, sketchAll, sketchHalf, sketchHalfEverywhere, sketchBuckets
    case sketchBucketsHalf

    func make(
        _ layout: GradientLayout, k: Int, worldSize: Int, isServer: Bool, momentum: Float = 0
    ) throws -> any ExchangeMethod {
        var options = SketchExchangeOptions(
            shape: SketchShape(rows: 3, columns: 64), k: k, momentum: momentum, seed: 5)
        switch self {
        case .dense: return DenseExchange(layout: layout)
        case .denseBuckets: return DenseExchange(layout: layout, bucketWords: 50)
        case .denseHalf:
            return DenseExchange(layout: layout, format: .float16, bucketWords: 30)
        case .denseBrain: return DenseExchange(layout: layout, format: .bfloat16)
        case .topk:
            return try TopKExchange(
                layout: layout, k: k, momentum: momentum, masking: true, worldSize: worldSize)
        case .gtopk:
            return try GTopKExchange(layout: layout, k: k, momentum: momentum, masking: true)
        case .sketch: break
        case .sketchEverywhere: options.decode = .everywhere
        case .sketchEstimated: options.values = .estimated
        case .sketchAll: options.appliesAll = true
        case .sketchBuckets: options.bucketWords = 50
        case .sketchBucketsHalf:
            options.bucketWords = 30
            options.format = .float16
        case .sketchHalf: options.format = .float16
        case .sketchHalfEverywhere:
            options.format = .bfloat16
            options.decode = .everywhere
        }
        return try SketchExchange(layout: layout, options: options, isServer: isServer)
    }

    /// Whether words travel as they are.
    var isExact: Bool {
        ![.denseHalf, .denseBrain, .sketchHalf, .sketchHalfEverywhere, .sketchBucketsHalf]
            .contains(self)
    }

    var topologies: [CollectiveTopology] {
        self == .gtopk ? [.tree] : CollectiveTopology.allCases
    }
}

@Suite("Exchange methods", .serialized, .timeLimit(.minutes(10)))
struct ExchangeTests {
    static let layout = GradientLayout(count: 130, compressible: 120)

    /// Integer gradients: sums are exact, whatever their order.
    static func gradient(_ rank: Int, _ step: Int) -> [Float] {
        var generator = SeededGenerator(seed: UInt64(rank * 1_000 + step))
        return (0..<layout.count).map { _ in Float(Int.random(in: -64...64, using: &generator)) }
    }

    struct Trace: Sendable {
        var updates: [[Float]] = []
        var residual: [Float] = []
        var bytes = 0
        var frames = 0
    }

    static func run(
        _ recipe: Recipe, _ topology: CollectiveTopology, worldSize: Int, k: Int = 12,
        steps: Int = 4
    ) throws -> [Trace] {
        try ThreadedWorld.run(topology, worldSize: worldSize, chunkWords: 1_000) { node in
            let isServer = node.collective.rank == worldSize
            let method = try recipe.make(layout, k: k, worldSize: worldSize, isServer: isServer)
            var trace = Trace()
            for step in 0..<steps {
                if isServer {
                    try method.serve(step: step, over: node.collective, phases: node.phases)
                    continue
                }
                var values = gradient(node.collective.rank, step)
                try values.withUnsafeMutableBufferPointer {
                    try method.exchange(
                        $0, step: step, over: node.collective, phases: node.phases)
                }
                trace.updates.append(values)
            }
            trace.residual = method.residual.map(Array.init) ?? []
            (trace.frames, trace.bytes) = node.transport.counters
            return trace
        }
    }

    @Test("every worker gets the same bits, on every topology", arguments: Recipe.allCases, 1...8)
    func replicasAgree(recipe: Recipe, worldSize: Int) throws {
        for topology in recipe.topologies {
            let traces = try Self.run(recipe, topology, worldSize: worldSize)
            for rank in 0..<worldSize {
                #expect(traces[rank].updates == traces[0].updates, "\(topology) rank \(rank)")
            }
        }
    }

    @Test(
        "integer gradients give the same update on every topology",
        arguments: [Recipe.dense, .topk, .sketch, .sketchAll, .sketchBuckets], [2, 3, 5, 8])
    func topologiesAgree(recipe: Recipe, worldSize: Int) throws {
        let expected = try Self.run(recipe, .star, worldSize: worldSize)[0].updates
        for topology in CollectiveTopology.allCases {
            let found = try Self.run(recipe, topology, worldSize: worldSize)[0].updates
            for (step, pair) in zip(found, expected).enumerated() {
                #expect(pair.0 == pair.1, "\(topology) step \(step)")
            }
        }
    }

    @Test(
        "no mass is lost: residuals plus what was applied is all that came in",
        arguments: Recipe.allCases, [1, 2, 3, 4, 7, 8])
    func conservesMass(recipe: Recipe, worldSize: Int) throws {
        for topology in recipe.topologies {
            let traces = Array(
                try Self.run(recipe, topology, worldSize: worldSize).prefix(worldSize))
            for index in 0..<Self.layout.count {
                let given = (0..<worldSize).reduce(0.0) { sum, rank in
                    (0..<4).reduce(sum) { $0 + Double(Self.gradient(rank, $1)[index]) }
                }
                let applied = traces[0].updates.reduce(0.0) {
                    $0 + Double($1[index]) * Double(worldSize)
                }
                let held = traces.reduce(0.0) {
                    $0 + (index < $1.residual.count ? Double($1.residual[index]) : 0)
                }
                #expect(
                    abs(applied + held - given) < 1e-2,
                    "\(topology) coordinate \(index): \(applied) + \(held) against \(given)")
            }
        }
    }

    @Test("with k = d and exact values every method is dense training", arguments: [1, 3, 4])
    func everythingSelected(worldSize: Int) throws {
        let dense = try Self.run(.dense, .tree, worldSize: worldSize)[0].updates
        for recipe in [Recipe.topk, .gtopk, .sketch, .sketchAll, .sketchBuckets] {
            let traces = try Self.run(recipe, .tree, worldSize: worldSize, k: 120)
            #expect(traces[0].updates == dense, "\(recipe)")
        }
    }

    @Test(
        "the small parameters are summed exactly at every step",
        arguments: Recipe.allCases.filter(\.isExact))
    func smallParameters(recipe: Recipe) throws {
        for topology in recipe.topologies {
            let updates = try Self.run(recipe, topology, worldSize: 4)[0].updates
            for (step, update) in updates.enumerated() {
                for index in 120..<130 {
                    let sum = (0..<4).reduce(Float(0)) { $0 + Self.gradient($1, step)[index] }
                    #expect(update[index] == sum / 4)
                }
            }
        }
    }

    @Test("a gradient that is not finite is refused before anything is sent")
    func notFinite() throws {
        for recipe in Recipe.allCases {
            let refused = try ThreadedWorld.run(.tree, worldSize: 1) { node in
                let method = try recipe.make(Self.layout, k: 12, worldSize: 1, isServer: false)
                var values = Self.gradient(0, 0)
                values[77] = .nan
                do {
                    try values.withUnsafeMutableBufferPointer {
                        try method.exchange(
                            $0, step: 0, over: node.collective, phases: node.phases)
                    }
                    return false
                } catch CollectiveError.notFinite {
                    return node.transport.counters.frames == 0
                }
            }
            #expect(refused == [true])
        }
    }

    @Test("k beyond the model is refused with what is allowed")
    func tooMany() {
        for recipe in [Recipe.topk, .gtopk, .sketch] {
            for k in [0, 121] {
                #expect(throws: MethodError.self) {
                    _ = try recipe.make(Self.layout, k: k, worldSize: 2, isServer: false)
                }
            }
        }
    }
}
