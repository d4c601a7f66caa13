import Foundation
import NeuralNetwork
import Testing

/// What PyTorch computed in float64; `Golden/make_golden.py` made it and holds the same formulas.
private struct Golden: Decodable {
    struct Gradient: Decodable {
        var norm: Double
        var projection: Double
    }
    var losses: [Float]
    var evaluation: Double
    var gradients: [Gradient]

    static func load() throws -> [String: Golden] {
        let file = try #require(
            Bundle.module.url(
                forResource: "golden", withExtension: "json", subdirectory: "Golden"))
        return try JSONDecoder().decode([String: Golden].self, from: Data(contentsOf: file))
    }

    static func noise(_ count: Int, _ number: Int) -> [Double] {
        (0..<count).map {
            let wave = sin(Double($0) * 12.9898 + Double(number) * 78.233) * 43758.5453
            return 2 * (wave - wave.rounded(.down)) - 1
        }
    }
}

@Suite("Models against PyTorch")
struct GoldenTests {
    private static let batch = 8
    /// Of a gradient's norm. What steps along such gradients won from the first loss may be off by
    /// as much: on small planes batch-norm and pooling carry the rounding of sums further, and
    /// oneDNN's order of summation follows the processor's caches.
    private static let gradientTolerance = 1e-2

    private func fill(_ model: Model) {
        for (number, tensor) in model.tensors.enumerated() {
            let fanIn = tensor.shape.dropFirst().reduce(1, *)
            let bound = tensor.kind == .weight ? 1 / Double(fanIn).squareRoot() : 0.1
            let base = tensor.kind == .scale ? 1.0 : 0
            for (index, value) in zip(
                tensor.range, Golden.noise(tensor.range.count, number))
            { model.parameters[index] = Float(base + bound * value) }
        }
    }

    @Test(
        "losses of three steps, every tensor's gradient and an evaluation agree",
        arguments: Architecture.allCases, Engine.allCases)
    func golden(architecture: Architecture, engine: Engine) throws {
        let golden = try #require(try Golden.load()[architecture.rawValue])
        let shape = InputShape(channels: 1, height: 28, width: 28)
        let model = try Model(
            architecture, input: shape, classes: 10, maximumBatch: Self.batch, seed: 1,
            engine: engine)
        fill(model)
        var batch = Batch(Self.batch, shape)
        batch.images = Golden.noise(Self.batch * shape.count, 1000).map { Float(1.5 * $0) }
        var velocity = [Float](repeating: 0, count: model.parameterCount)
        for (step, expected) in golden.losses.enumerated() {
            let won = golden.losses[0] - expected
            let tolerance = 1e-3 * max(0.5, expected) + Float(Self.gradientTolerance) * won
            #expect(abs(batch.loss(model) - expected) < tolerance, "loss of step \(step)")
            if step == 0 { compare(model, golden.gradients) }
            addWeightDecay(
                1e-3, parameters: UnsafeBufferPointer(model.parameters),
                gradients: model.gradients)
            velocity.withUnsafeMutableBufferPointer {
                momentumStep(
                    parameters: model.parameters, update: UnsafeBufferPointer(model.gradients),
                    velocity: $0, learningRate: 0.01, momentum: 0.9, nesterov: true)
            }
        }
        let evaluated = batch.evaluate(model).lossSum / Double(Self.batch)
        #expect(abs(evaluated - golden.evaluation) < 1e-3 * max(1, golden.evaluation))
    }

    /// A rectifier whose input is within rounding of zero may decide otherwise than in float64, and
    /// changes a gradient by a few thousandths; PyTorch's own float32 does. The gradient of a bias
    /// before batch-norm is zero but for rounding.
    private func compare(_ model: Model, _ expected: [Golden.Gradient]) {
        #expect(model.tensors.count == expected.count)
        let largest = expected.map(\.norm).max() ?? 0
        for (number, (tensor, expected)) in zip(model.tensors, expected).enumerated() {
            let gradient = tensor.range.map { Double(model.gradients[$0]) }
            let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let projection = zip(gradient, Golden.noise(gradient.count, 2000 + number)).reduce(0) {
                $0 + $1.0 * $1.1
            }
            let tolerance = Self.gradientTolerance * expected.norm + 1e-6 * largest
            #expect(abs(norm - expected.norm) < tolerance, "\(tensor.name)")
            #expect(abs(projection - expected.projection) < tolerance, "\(tensor.name)")
        }
    }
}
