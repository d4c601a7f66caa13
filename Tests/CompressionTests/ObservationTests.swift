import Collectives
import Compression
import Simulation
import Sketching
import Testing

@Suite("Observation quantities")
struct ObservationTests {
    private func recovery(_ contribution: [Float], _ update: [Float], k: Int) -> TopKRecovery {
        contribution.withUnsafeBufferPointer { contribution in
            update.withUnsafeBufferPointer { TopKRecovery(of: contribution, found: $0, k: k) }
        }
    }

    private func cosine(_ first: [Float], _ second: [Float]) -> Double? {
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { VectorMeasure.cosine(first, $0) }
        }
    }

    private func defect(_ messages: [[Float]], _ rule: MergeRule) -> Double {
        Array(messages.joined()).withUnsafeBufferPointer {
            AssociativityDefect.measure($0, workers: messages.count, rule: rule)
        }
    }

    private func noise(_ count: Int, _ seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    @Test("recall and energy of a hand-made update are what one counts on paper")
    func byHand() {
        let found = recovery([4, -3, 2, 1, 0.5], [0.1, 0, 0.2, 0, 0], k: 2)
        #expect(found.recall == 0.5 && found.threshold == 3)
        #expect(found.capturedEnergy == 20.0 / 25 && found.topEnergy == 25 / 30.25)
    }

    @Test("recall and energy are 1 where every weight is applied")
    func everything() {
        for k in 1...5 {
            let found = recovery([4, -3, 2, 1, 0.5], [1, 1, 1, 1, 1], k: k)
            #expect(found.recall == 1 && found.capturedEnergy == 1)
        }
        let whole = recovery([4, -3, 2, 1, 0.5], [4, -3, 2, 1, 0.5], k: 5)
        #expect(whole.recall == 1 && whole.topEnergy == 1 && whole.threshold == 0.5)
    }

    @Test("of more applied weights than k the best k count")
    func more() {
        let found = recovery([4, -3, 2, 1, 0.5], [0, 1, 1, 1, 0], k: 2)
        #expect(found.recall == 0.5 && found.capturedEnergy == 13.0 / 25)
    }

    @Test("nothing is recovered by an update of zeros, and nothing of a contribution of zeros")
    func nothing() {
        let idle = recovery([4, -3, 2], [0, 0, 0], k: 1)
        #expect(idle.recall == 0 && idle.capturedEnergy == 0)
        let empty = recovery([0, 0, 0], [0, 1, 0], k: 1)
        #expect(empty.capturedEnergy == nil && empty.topEnergy == nil && empty.threshold == 0)
    }

    @Test("a cosine is 1 along, -1 against and 0 across; a zero vector has none")
    func cosines() throws {
        let long = noise(1_003, 3)
        #expect(abs(try #require(cosine(long, long.map { $0 * 0.25 })) - 1) < 1e-12)
        #expect(abs(try #require(cosine(long, long.map { -$0 })) + 1) < 1e-12)
        #expect(cosine([3, 0, 0, 0, 0, 0, 0, 0, 4], [0, 7, 0, 0, 0, 0, 0, 0, 0]) == 0)
        #expect(cosine([3, 4], [3, 0]) == 0.6)
        #expect(cosine([0, 0], [1, 1]) == nil && cosine([.infinity, 0], [1, 1]) == nil)
    }

    @Test("the median's deviation is that of normal theory, for odd and even numbers of rows")
    func medians() {
        // Order statistics of normal samples (Harter and Balakrishnan; two rows are a mean).
        let known = [1: 1, 2: 0.5.squareRoot(), 3: 0.6698, 4: 0.5460, 5: 0.5356, 7: 0.4587]
        for (rows, deviation) in known {
            #expect(
                abs(SketchNoise.deviation(ofMedianOf: rows) - deviation) < 5e-4, "\(rows) rows")
        }
        for rows in 1..<64 where rows % 2 == 1 {
            let next = SketchNoise.deviation(ofMedianOf: rows + 2)
            #expect(next < SketchNoise.deviation(ofMedianOf: rows))
        }
    }

    @Test("sigma over tau falls with the root of the columns and grows with the norm")
    func noiseRatio() throws {
        let shape = SketchShape(rows: 1, columns: 400)
        #expect(
            abs(try #require(SketchNoise.ratio(norm: 10, threshold: 0.5, shape: shape)) - 1) < 1e-6)
        #expect(SketchNoise.ratio(norm: 10, threshold: 0, shape: shape) == nil)
    }

    @Test("sigma is how far the estimates of a sketch are off")
    func deviation() throws {
        let (count, rows, columns) = (40_000, 5, 1_000)
        let values = noise(count, 9)
        let shape = SketchShape(rows: rows, columns: columns)
        let sketch = BlockCountSketch(shape: shape)
        var table = [Float](repeating: 0, count: shape.cells)
        var estimates = [Float](repeating: 0, count: count)
        let norm = values.withUnsafeBufferPointer { values in
            table.withUnsafeMutableBufferPointer { sketch.encode(values, seed: 7, into: $0) }
            table.withUnsafeBufferPointer { table in
                estimates.withUnsafeMutableBufferPointer {
                    sketch.estimate(table, seed: 7, into: $0)
                }
            }
            return VectorMeasure.norm(values)
        }
        let square = zip(values, estimates).reduce(0.0) { $0 + Double(pow2($1.0 - $1.1)) }
        let sigma = try #require(SketchNoise.ratio(norm: norm, threshold: 1, shape: shape))
        #expect(abs((square / Double(count)).squareRoot() / sigma - 1) < 0.1)
    }

    private func pow2(_ value: Float) -> Float { value * value }

    @Test("updates that a float cannot hold change nothing, and are counted")
    func unchanged() {
        let update: [Float] = [1, 1e-12, 0, 1e-12]
        let before: [Float] = [0.5, 0.5, 0.5, 0]
        let after = zip(before, update).map { $0 - $1 }
        let effect = update.withUnsafeBufferPointer { update in
            before.withUnsafeBufferPointer { before in
                after.withUnsafeBufferPointer {
                    UpdateEffect(of: update, before: before, after: $0)
                }
            }
        }
        #expect(effect.applied == 3 && effect.unchanged == 1)
        #expect(effect.unchangedShare == 1.0 / 3)
    }

    @Test("a step that applies nothing changes nothing")
    func idle() {
        let zeros = [Float](repeating: 0, count: 4)
        let effect = zeros.withUnsafeBufferPointer {
            UpdateEffect(of: $0, before: $0, after: $0)
        }
        #expect(effect.applied == 0 && effect.unchangedShare == 1)
    }

    @Test("adding has no defect but rounding, and none of two workers or of whole numbers")
    func adding() {
        for workers in 1...8 {
            // Cubes have more bits than a sum can keep.
            let messages = (0..<workers).map { noise(500, UInt64($0)).map { $0 * $0 * $0 } }
            let found = defect(messages, .adds(.float32))
            #expect(workers < 3 ? found == 0 : found > 0 && found < 1e-6, "\(workers) workers")
            let whole = messages.map { $0.map { ($0 * 100).rounded() } }
            #expect(defect(whole, .adds(.float32)) == 0)
        }
    }

    @Test("words of 16 bits make adding depend on the order, a thousand times more")
    func halves() {
        let messages = (0..<8).map { noise(500, UInt64($0)) }
        let whole = defect(messages, .adds(.float32))
        #expect(defect(messages, .adds(.float16)) > 100 * whole)
        #expect(defect(messages, .adds(.bfloat16)) > defect(messages, .adds(.float16)))
    }

    @Test("keeping the k largest throws away what another order would have kept")
    func planted() {
        // Two small votes for one weight against one larger vote for another.
        func vote(_ index: UInt32, _ value: Float) -> [Float] { [Float(bitPattern: index), value] }
        let messages = [vote(0, 3), vote(1, 2), vote(1, 2)]
        // The chain ends with 3 at weight 0, halves with 4 at weight 1.
        #expect(defect(messages, .keepsLargest(k: 1)) == 5.0 / 4)
        #expect(defect(Array(messages.prefix(2)), .keepsLargest(k: 1)) == 0)
        #expect(defect([vote(6, 3), vote(6, 2), vote(6, 2)], .keepsLargest(k: 1)) == 0)
    }
}

@Suite("Observed methods", .serialized, .timeLimit(.minutes(10)))
struct ObservedMethodTests {
    private static let layout = ExchangeTests.layout

    /// Contributions, updates and residuals of one worker's steps.
    private struct Trace: Sendable {
        var contributions: [[Float]] = []
        var updates: [[Float]] = []
        var residuals: [[Float]] = []
    }

    private static func run(
        _ recipe: Recipe, workers: Int, momentum: Float, observed: Bool
    ) throws -> [Trace] {
        let topology = recipe.topologies.contains(.ring) ? CollectiveTopology.ring : .tree
        let weights = layout.compressible
        return try ThreadedWorld.run(topology, worldSize: workers, chunkWords: 1_000) { node in
            let method = try recipe.make(
                layout, k: 12, worldSize: workers, isServer: false, momentum: momentum)
            var trace = Trace()
            for step in 0..<4 {
                var values = ExchangeTests.gradient(node.collective.rank, step)
                try values.withUnsafeMutableBufferPointer { gradient in
                    let seen = WorkBuffer(count: weights)
                    if observed {
                        // In parts, the last weights first, as backward has them.
                        for range in [50..<weights, 0..<50] {
                            method.contribution(of: gradient, in: range, to: seen.floats)
                        }
                        let words = WorkBuffer(
                            count: method.anatomy.messageWords(of: weights))
                        withExtendedLifetime(words) {
                            method.message(of: seen.floats, step: step, into: words.floats)
                        }
                    }
                    withExtendedLifetime(seen) {
                        trace.contributions.append(Array(seen.floats))
                    }
                    try method.exchange(
                        gradient, step: step, over: node.collective, phases: node.phases)
                }
                trace.updates.append(values)
                trace.residuals.append(method.residual.map(Array.init) ?? [])
            }
            return trace
        }
    }

    @Test(
        "what is observed changes neither update nor residual", arguments: Recipe.allCases,
        [Float(0), 0.5])
    func unchanged(recipe: Recipe, momentum: Float) throws {
        let plain = try Self.run(recipe, workers: 3, momentum: momentum, observed: false)
        let watched = try Self.run(recipe, workers: 3, momentum: momentum, observed: true)
        for (first, second) in zip(plain, watched) {
            #expect(first.updates == second.updates && first.residuals == second.residuals)
        }
    }

    @Test(
        "one worker's contribution is what it applies and what it holds back, to the bit",
        arguments: Recipe.allCases.filter { $0.isExact && $0 != .sketchEstimated },
        [Float(0), 0.5])
    func contribution(recipe: Recipe, momentum: Float) throws {
        let trace = try Self.run(recipe, workers: 1, momentum: momentum, observed: true)[0]
        for step in trace.updates.indices {
            for index in 0..<Self.layout.compressible {
                let held = trace.residuals[step].isEmpty ? 0 : trace.residuals[step][index]
                let whole = trace.updates[step][index] + held
                #expect(trace.contributions[step][index] == whole, "step \(step) weight \(index)")
            }
        }
    }

    @Test("messages are what a merge takes: tables, candidate sets, or words of the vector")
    func messages() throws {
        var values = [Float](repeating: 0, count: Self.layout.compressible)
        values[7] = -9
        values[30] = 5
        func message(_ recipe: Recipe, k: Int) throws -> [Float] {
            let method = try recipe.make(Self.layout, k: k, worldSize: 2, isServer: false)
            let words = WorkBuffer(count: method.anatomy.messageWords(of: values.count))
            values.withUnsafeMutableBufferPointer {
                method.message(of: $0, step: 3, into: words.floats)
            }
            return withExtendedLifetime(words) { Array(words.floats) }
        }
        #expect(try message(.dense, k: 1) == values)
        var sparse = values
        sparse[30] = 0
        #expect(try message(.topk, k: 1) == sparse)
        #expect(
            try message(.gtopk, k: 2)
                == [Float(bitPattern: 7), Float(bitPattern: 30), values[7], values[30]])
        let table = try message(.sketch, k: 1)
        #expect(table.count == 3 * 64 && table.filter { abs($0) == 9 }.count >= 1)
        #expect(table.reduce(0) { $0 + abs($1) } <= 3 * 14)
    }
}
