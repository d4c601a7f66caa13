import Collectives
import Compression
import Foundation
import Simulation
import Testing

/// The worked example of docs/adding-a-method.md: its text, and that it works.
@Suite("Random-k, the worked example", .serialized, .timeLimit(.minutes(10)))
struct RandomKTests {
    private static let layout = GradientLayout(count: 130, compressible: 120)
    private static let k = 12

    /// What a worker ends with.
    private struct Outcome: Sendable {
        var parameters: [Float]
        var applied: [Double]
        var residual: [Float] = []
        var bytes = 0
        var frames = 0
    }

    /// Training of `sum over workers of |x - a|^2 / 2`, each with a point of its own.
    private static func train(
        _ topology: CollectiveTopology, workers: Int, steps: Int, rate: Float
    ) throws -> [Outcome] {
        let outcomes = try ThreadedWorld.run(topology, worldSize: workers) { node in
            let method = try RandomKExchange(layout: layout, k: k, seed: 7)
            let rank = node.collective.rank
            let count = layout.count
            var outcome = Outcome(
                parameters: [Float](repeating: 0, count: count),
                applied: [Double](repeating: 0, count: count))
            for step in 0..<steps {
                guard rank < workers else {
                    try method.serve(step: step, over: node.collective, phases: node.phases)
                    continue
                }
                var update = (0..<count).map { outcome.parameters[$0] - point(rank, $0) }
                try update.withUnsafeMutableBufferPointer {
                    try method.exchange(
                        $0, step: step, over: node.collective, phases: node.phases)
                }
                for index in 0..<count {
                    outcome.parameters[index] -= rate * update[index]
                    outcome.applied[index] += Double(update[index])
                }
            }
            outcome.residual = method.residual.map(Array.init) ?? []
            (outcome.frames, outcome.bytes) = node.transport.counters
            return outcome
        }
        return Array(outcomes.prefix(workers))
    }

    /// Small whole numbers, so that sums are exact while the parameters stand still.
    private static func point(_ rank: Int, _ index: Int) -> Float {
        Float((rank * 37 + index * 11) % 17 - 8)
    }

    @Test("it converges to the mean of the workers' points", arguments: CollectiveTopology.allCases)
    func converges(topology: CollectiveTopology) throws {
        let found = try Self.train(topology, workers: 4, steps: 400, rate: 0.05)[0].parameters
        for index in 0..<Self.layout.count {
            let mean = (0..<4).reduce(Float(0)) { $0 + Self.point($1, index) } / 4
            #expect(abs(found[index] - mean) < 1e-3, "coordinate \(index)")
        }
    }

    @Test(
        "residuals plus what was applied are all gradients, and replicas are equal",
        arguments: CollectiveTopology.allCases, 1...5)
    func conservesMass(topology: CollectiveTopology, workers: Int) throws {
        let steps = 7
        let outcomes = try Self.train(topology, workers: workers, steps: steps, rate: 0)
        for index in 0..<Self.layout.count {
            let given = (0..<workers).reduce(0) { $0 - steps * Int(Self.point($1, index)) }
            let held = outcomes.reduce(0.0) {
                $0 + (index < $1.residual.count ? Double($1.residual[index]) : 0)
            }
            let applied = Double(workers) * outcomes[0].applied[index]
            #expect(abs(applied + held - Double(given)) < 1e-3, "coordinate \(index)")
            #expect(outcomes.allSatisfy { $0.applied[index] == outcomes[0].applied[index] })
        }
        #expect(outcomes[0].residual.contains { $0 != 0 })
    }

    @Test("it sends k values and the small parameters, and no index", arguments: 2...5)
    func bytes(workers: Int) throws {
        let steps = 3
        let outcomes = try Self.train(.ring, workers: workers, steps: steps, rate: 0)
        let sent = outcomes.reduce(0) { $0 + $1.bytes - 48 * $1.frames }
        #expect(sent == steps * 2 * (workers - 1) * 4 * (Self.k + Self.layout.small))
    }

    @Test("a k that does not fit is refused with what is allowed", arguments: [0, 121])
    func refused(k: Int) {
        #expect(throws: MethodError.self) {
            _ = try RandomKExchange(layout: Self.layout, k: k, seed: 1)
        }
    }

    @Test("the page shows the file that is compiled here, to the letter")
    func shown() throws {
        let source = try String(
            contentsOf: Page.root.appendingPathComponent(
                "Tests/DocumentationTests/RandomKExchange.swift"), encoding: .utf8)
        let blocks = try Page("docs/adding-a-method.md").blocks
        #expect(blocks.contains { $0.language == "swift" && $0.text == source })
    }
}
