import Foundation
import NeuralNetwork
import Testing

struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Random images with labels.
struct Batch {
    var images: [Float]
    var labels: [UInt8]

    init(_ count: Int, _ shape: InputShape, seed: UInt64 = 3) {
        var numbers = Numbers(state: seed)
        images = (0..<(count * shape.count)).map { _ in Float.random(in: -1...1, using: &numbers) }
        labels = (0..<count).map { UInt8($0 % 10) }
    }

    func loss(_ model: Model) -> Float {
        images.withUnsafeBufferPointer { images in
            labels.withUnsafeBufferPointer {
                model.computeGradients(images: images, labels: $0, count: labels.count)
            }
        }
    }

    func evaluate(_ model: Model) -> (lossSum: Double, correct: Int) {
        images.withUnsafeBufferPointer { images in
            labels.withUnsafeBufferPointer {
                model.evaluate(images: images, labels: $0, count: labels.count)
            }
        }
    }
}

@Suite("Model")
struct ModelTests {
    static let fashion = InputShape(channels: 1, height: 28, width: 28)

    static func make(
        _ architecture: Architecture, _ shape: InputShape = fashion, batch: Int = 16
    ) throws -> Model {
        try Model(architecture, input: shape, classes: 10, maximumBatch: batch, seed: 1)
    }

    @Test(
        "the models have the promised numbers of parameters",
        arguments: [
            (Architecture.softmax, 7_850), (.mlp, 669_706), (.lenet, 431_080), (.resnet8, 75_002),
            (.resnet20, 269_434), (.vgg11, 9_229_962),
        ])
    func counts(architecture: Architecture, expected: Int) throws {
        let model = try Self.make(architecture, batch: 1)
        #expect(model.parameterCount == expected)
        let weights = model.tensors.filter { $0.kind == .weight }
        #expect(weights.reduce(0) { $0 + $1.range.count } == model.compressibleCount)
        #expect(weights.allSatisfy { $0.range.upperBound <= model.compressibleCount })
        var next = 0
        for tensor in model.tensors {
            #expect(tensor.range.lowerBound == next)
            next = tensor.range.upperBound
        }
        #expect(next == expected)
    }

    @Test("models adapt to other shapes or say why not")
    func shapes() throws {
        let digits = InputShape(channels: 1, height: 8, width: 8)
        let color = InputShape(channels: 3, height: 32, width: 32)
        #expect(try Self.make(.softmax, digits, batch: 1).parameterCount == 650)
        #expect(try Self.make(.resnet8, digits, batch: 1).parameterCount == 75_002)
        #expect(try Self.make(.resnet20, color, batch: 1).parameterCount == 269_722)
        #expect(try Self.make(.vgg11, digits, batch: 1).parameterCount == 9_229_962)
        #expect(try Self.make(.vgg11, color, batch: 1).parameterCount == 9_231_114)
        #expect(throws: ModelError.self) { _ = try Self.make(.lenet, digits, batch: 1) }
        let large = InputShape(channels: 3, height: 36, width: 36)
        #expect(throws: ModelError.self) { _ = try Self.make(.vgg11, large, batch: 1) }
    }

    @Test(
        "gradients agree with central differences",
        arguments: [Architecture.softmax, .mlp, .lenet])
    func finiteDifferences(architecture: Architecture) throws {
        let shape = InputShape(channels: 2, height: 16, width: 16)
        let model = try Self.make(architecture, shape, batch: 6)
        let batch = Batch(6, shape)
        _ = batch.loss(model)
        let gradient = Array(model.gradients)
        var numbers = Numbers(state: 5)
        for tensor in model.tensors {
            // Along a random direction of the whole tensor the difference is well above rounding.
            let direction = tensor.range.map { _ in Float.random(in: -1...1, using: &numbers) }
            let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let expected = zip(tensor.range, direction).reduce(Float(0)) {
                $0 + gradient[$1.0] * $1.1 / length
            }
            func loss(_ step: Float) -> Float {
                for (index, part) in zip(tensor.range, direction) {
                    model.parameters[index] += step * part / length
                }
                defer {
                    for (index, part) in zip(tensor.range, direction) {
                        model.parameters[index] -= step * part / length
                    }
                }
                return batch.loss(model)
            }
            let step: Float = 4e-3
            let found = (loss(step) - loss(-step)) / (2 * step)
            let tolerance = 0.03 * max(abs(expected), 0.02)
            #expect(abs(found - expected) < tolerance, "\(architecture) \(tensor.name)")
        }
    }

    @Test(
        "the same seed gives the same bits, another seed others", arguments: Architecture.allCases)
    func deterministic(architecture: Architecture) throws {
        let batch = Batch(8, Self.fashion)
        let (a, b) = (try Self.make(architecture), try Self.make(architecture))
        #expect(batch.loss(a) == batch.loss(b))
        #expect(Array(a.gradients) == Array(b.gradients))
        let other = try Model(
            architecture, input: Self.fashion, classes: 10, maximumBatch: 8, seed: 2)
        #expect(Array(other.parameters) != Array(a.parameters))
    }

    @Test("a fresh model guesses: its loss is about ln 10", arguments: Architecture.allCases)
    func freshLoss(architecture: Architecture) throws {
        let loss = Batch(16, Self.fashion).loss(try Self.make(architecture))
        #expect(abs(loss - logf(10)) < 0.8)
    }

    @Test("a few samples are learnt by heart", arguments: Architecture.allCases)
    func overfits(architecture: Architecture) throws {
        let model = try Self.make(architecture)
        let batch = Batch(16, Self.fashion)
        var velocity = [Float](repeating: 0, count: model.parameterCount)
        for _ in 0..<60 {
            _ = batch.loss(model)
            velocity.withUnsafeMutableBufferPointer {
                momentumStep(
                    parameters: model.parameters, update: UnsafeBufferPointer(model.gradients),
                    velocity: $0, learningRate: 0.02, momentum: 0.9, nesterov: false)
            }
        }
        #expect(batch.loss(model) < 0.3)
    }

    @Test(
        "evaluation agrees with the training loss where there is no batch-norm",
        arguments: [Architecture.softmax, .mlp, .lenet])
    func evaluation(architecture: Architecture) throws {
        let model = try Self.make(architecture)
        let batch = Batch(16, Self.fashion)
        #expect(abs(batch.evaluate(model).lossSum / 16 - Double(batch.loss(model))) < 1e-4)
    }

    @Test("running statistics approach those of the batches")
    func statistics() throws {
        let model = try Self.make(.resnet8)
        let batch = Batch(16, Self.fashion)
        for _ in 0..<80 { _ = batch.loss(model) }
        let evaluated = batch.evaluate(model).lossSum / 16
        #expect(abs(evaluated - Double(batch.loss(model))) < 0.1)
    }

    @Test("the gradient of a batch is the mean of its halves' gradients")
    func batchesAdd() throws {
        let model = try Self.make(.lenet)
        let whole = Batch(16, Self.fashion)
        _ = whole.loss(model)
        let expected = Array(model.gradients)
        var sum = [Float](repeating: 0, count: expected.count)
        for half in 0..<2 {
            var part = whole
            part.images = Array(whole.images[(half * 8 * 784)..<((half + 1) * 8 * 784)])
            part.labels = Array(whole.labels[(half * 8)..<((half + 1) * 8)])
            _ = part.loss(model)
            for index in sum.indices { sum[index] += model.gradients[index] / 2 }
        }
        let worst = zip(sum, expected).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-5)
    }

    @Test("the benchmark runs at a tiny size")
    func benchmark() throws {
        let rows = try ComputeBenchmark.run(models: [.softmax], batches: [2], repetitions: 1)
        #expect(rows[0].parameters == 7_850 && rows[0].stepMilliseconds > 0)
    }
}

@Suite("Optimiser")
struct OptimizerTests {
    @Test("momentum and Nesterov follow their formulas", arguments: [false, true])
    func momentum(nesterov: Bool) {
        var weights: [Float] = [1, -2]
        var velocity: [Float] = [0.5, 0.25]
        let gradient: [Float] = [0.1, -0.2]
        weights.withUnsafeMutableBufferPointer { weights in
            velocity.withUnsafeMutableBufferPointer { velocity in
                gradient.withUnsafeBufferPointer {
                    momentumStep(
                        parameters: weights, update: $0, velocity: velocity, learningRate: 0.1,
                        momentum: 0.9, nesterov: nesterov)
                }
            }
        }
        let moved: [Float] = [0.9 * 0.5 + 0.1, 0.9 * 0.25 - 0.2]
        for index in 0..<2 {
            let step = nesterov ? gradient[index] + 0.9 * moved[index] : moved[index]
            #expect(abs(weights[index] - ([1, -2][index] - 0.1 * step)) < 1e-6)
            #expect(abs(velocity[index] - moved[index]) < 1e-6)
        }
    }

    @Test("warm-up, step and cosine give the rates of their formulas")
    func schedules() {
        func rate(_ schedule: Schedule, _ step: Int) -> Float {
            LearningRate(
                OptimizerSettings(learningRate: 1, schedule: schedule, warmupSteps: 10),
                totalSteps: 110
            ).at(step: step)
        }
        #expect(rate(.constant, 0) == 0.1)
        #expect(rate(.constant, 9) == 1)
        #expect(rate(.constant, 100) == 1)
        #expect(rate(.step(every: 20, factor: 0.5), 45) == 0.25)
        #expect(abs(rate(.cosine, 60) - 0.5) < 1e-6)
        #expect(rate(.cosine, 110) < 1e-6)
    }
}
