import NeuralNetwork
import Testing

/// A layer between samples that lie plane after plane.
private final class Stage {
    let layer: any Layer
    private let inputOrder: PlaneOrder
    private let outputOrder: PlaneOrder
    let parameters: [UnsafeMutableBufferPointer<Float>]
    let gradients: [UnsafeMutableBufferPointer<Float>]
    let statistics: UnsafeMutableBufferPointer<Float>

    init(_ layer: any Layer, _ inputOrder: PlaneOrder, _ outputOrder: PlaneOrder, seed: UInt64) {
        self.layer = layer
        self.inputOrder = inputOrder
        self.outputOrder = outputOrder
        var numbers = Numbers(state: seed)
        func buffer(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
            let made = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
            for index in 0..<count {
                made.initializeElement(at: index, to: Float.random(in: -1...1, using: &numbers))
            }
            return made
        }
        parameters = layer.parameterRequests.map { buffer($0.count) }
        gradients = layer.parameterRequests.map { buffer($0.count) }
        statistics = buffer(layer.statisticsCount + 1)
        statistics.update(repeating: 0)
        layer.bind(
            parameters.compactMap(\.baseAddress), gradients.compactMap(\.baseAddress),
            statistics: statistics.baseAddress ?? .allocate(capacity: 1))
    }

    deinit {
        for buffer in parameters + gradients + [statistics] { buffer.deallocate() }
    }

    func forward(_ input: [Float], count: Int, training: Bool = true) -> [Float] {
        var result = [Float](repeating: .nan, count: count * layer.outputShape.count)
        layer.forward(
            turned(input, .planes, inputOrder, layer.inputShape, count), &result, count: count,
            training: training)
        return turned(result, outputOrder, .planes, layer.outputShape, count)
    }

    /// The gradient of the input; forward came before.
    func backward(_ input: [Float], _ output: [Float], _ gradient: [Float], count: Int) -> [Float] {
        var above = turned(gradient, .planes, outputOrder, layer.outputShape, count)
        var result = [Float](repeating: .nan, count: input.count)
        layer.backward(
            turned(input, .planes, inputOrder, layer.inputShape, count),
            turned(output, .planes, outputOrder, layer.outputShape, count), &above, &result,
            count: count)
        return turned(result, inputOrder, .planes, layer.inputShape, count)
    }

    private func turned(
        _ values: [Float], _ from: PlaneOrder, _ to: PlaneOrder, _ shape: InputShape, _ count: Int
    ) -> [Float] {
        var result = values
        OrderLayer(shape, from: from, to: to).forward(values, &result, count: count, training: true)
        return result
    }
}

/// A convolution to try: sizes that are odd, images, strides, every order and algorithm.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
    var channels: Int
    var height: Int
    var width: Int
    var filters: Int
    var kernel = 3
    var stride = 1
    var padding = 1
    var order = PlaneOrder.blocks
    var isFirst = false
    var count = 3

    var testDescription: String {
        "\(channels)x\(height)x\(width) to \(filters), \(kernel)/\(stride)/\(padding) \(order)"
    }

    static let all = [
        ConvolutionCase(channels: 1, height: 9, width: 7, filters: 16, isFirst: true),
        ConvolutionCase(channels: 3, height: 8, width: 8, filters: 32, isFirst: true),
        ConvolutionCase(channels: 16, height: 7, width: 9, filters: 32, count: 19),
        ConvolutionCase(channels: 32, height: 8, width: 6, filters: 64, stride: 2),
        ConvolutionCase(channels: 16, height: 2, width: 2, filters: 16, count: 17),
        ConvolutionCase(channels: 64, height: 8, width: 8, filters: 128),
        ConvolutionCase(channels: 128, height: 7, width: 9, filters: 80),
        ConvolutionCase(
            channels: 1, height: 12, width: 11, filters: 20, kernel: 5, padding: 0, order: .last,
            isFirst: true),
        ConvolutionCase(
            channels: 20, height: 8, width: 7, filters: 50, kernel: 5, padding: 0, order: .last,
            count: 18),
    ]
}

@Suite("Engines against the naive form")
struct EngineTests {
    private func random(_ count: Int, _ seed: UInt64) -> [Float] {
        var numbers = Numbers(state: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &numbers) }
    }

    private func expectClose(_ found: [Float], _ expected: [Double], _ what: String) {
        let largest = expected.map(abs).max() ?? 0
        let worst = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
        #expect(found.count == expected.count && found.allSatisfy(\.isFinite), "\(what)")
        #expect(worst <= 2e-5 * max(1, largest), "\(what)")
    }

    @Test(
        "convolution: output and every gradient, with and without bias",
        arguments: ConvolutionCase.all, Engine.allCases)
    func convolution(_ it: ConvolutionCase, engine: Engine) throws {
        let shape = InputShape(channels: it.channels, height: it.height, width: it.width)
        let naive = NaiveConvolution(
            shape, filters: it.filters, kernel: it.kernel, stride: it.stride, padding: it.padding)
        for (threads, hasBias) in [(1, true), (3, false)] {
            let kit = try LayerKit(engine, order: it.order, team: Team(threads: threads))
            let layer = try kit.convolution(
                shape, filters: it.filters, kernel: it.kernel, stride: it.stride,
                padding: it.padding, hasBias: hasBias, isFirst: it.isFirst)
            let images: PlaneOrder = it.isFirst && kit.order == .blocks ? .planes : kit.order
            let stage = Stage(layer, images, kit.order, seed: 5)
            for count in [it.count, 1, it.count] {
                let input = random(count * shape.count, 6)
                let above = random(count * naive.output.count, 7)
                let weights = Array(stage.parameters[0])
                let output = stage.forward(input, count: count)
                expectClose(
                    output,
                    naive.forward(
                        input, weights, hasBias ? Array(stage.parameters[1]) : nil, count: count),
                    "output")
                let below = stage.backward(input, output, above, count: count)
                let expected = naive.backward(input, weights, above, count: count)
                if !it.isFirst { expectClose(below, expected.images, "input") }
                expectClose(Array(stage.gradients[0]), expected.weights, "weights")
                if hasBias { expectClose(Array(stage.gradients[1]), expected.bias, "bias") }
            }
        }
    }

    @Test(
        "batch-norm: output, gradients, running statistics and inference",
        arguments: [false, true], Engine.allCases)
    func batchNorm(rectified: Bool, engine: Engine) throws {
        let shape = InputShape(channels: 32, height: 5, width: 3)
        let kit = try LayerKit(engine, order: .blocks, team: Team(threads: 1))
        let stage = Stage(kit.batchNorm(shape, rectified: rectified), kit.order, kit.order, seed: 8)
        let naive = NaiveBatchNorm(shape: shape, rectified: rectified)
        let (scale, shift) = (Array(stage.parameters[0]), Array(stage.parameters[1]))
        let count = 4
        let input = random(count * shape.count, 9)
        let above = random(count * shape.count, 10)
        let output = stage.forward(input, count: count)
        let moments = naive.moments(input)
        expectClose(output, naive.forward(input, scale, shift, moments), "output")
        let expected = naive.backward(input, scale, shift, above)
        expectClose(stage.backward(input, output, above, count: count), expected.images, "input")
        expectClose(Array(stage.gradients[0]), expected.scale, "scale")
        expectClose(Array(stage.gradients[1]), expected.shift, "shift")
        let number = Double(count * shape.height * shape.width)
        let running = moments.map {
            (mean: 0.1 * $0.mean, variance: 0.9 + 0.1 * $0.variance * number / (number - 1))
        }
        expectClose(
            Array(stage.statistics.prefix(64)), running.map(\.mean) + running.map(\.variance),
            "statistics")
        expectClose(
            stage.forward(input, count: count, training: false),
            naive.forward(input, scale, shift, running), "inference")
    }

    @Test(
        "pooling: oneDNN's values and gradients are the plain layers'",
        arguments: [true, false], [PlaneOrder.blocks, .last])
    func pooling(isMaximum: Bool, order: PlaneOrder) throws {
        let shape = InputShape(channels: 32, height: 7, width: 9)
        let stages = try Engine.allCases.map { engine in
            let kit = try LayerKit(engine, order: order, team: Team(threads: 1))
            return Stage(
                isMaximum ? kit.maximumPool(shape) : kit.averagePool(shape), kit.order, kit.order,
                seed: 1)
        }
        for count in [3, 1] {
            let input = random(count * shape.count, 11)
            let above = random(count * stages[0].layer.outputShape.count, 12)
            let outputs = stages.map { $0.forward(input, count: count) }
            let below = zip(stages, outputs).map { $0.backward(input, $1, above, count: count) }
            expectClose(outputs[0], outputs[1].map(Double.init), "output")
            expectClose(below[0], below[1].map(Double.init), "input")
        }
    }

    @Test(
        "a residual block of oneDNN agrees with the plain one, as it is and where it narrows",
        arguments: [(16, 16, 1), (16, 32, 2), (32, 64, 2)])
    func residual(inputs: Int, width: Int, stride: Int) throws {
        let shape = InputShape(channels: inputs, height: 6, width: 8)
        let stages = try Engine.allCases.map { engine in
            let kit = try LayerKit(engine, order: .blocks, team: Team(threads: 1))
            let body = try kit.convolution(
                shape, filters: width, kernel: 3, stride: stride, padding: 1, hasBias: false)
            let layers = [body, kit.batchNorm(body.outputShape, rectified: false)]
            return Stage(
                ResidualLayer(
                    Chain(shape, layers: layers, maximumBatch: 3), order: kit.order), kit.order,
                kit.order, seed: 13)
        }
        let input = random(3 * shape.count, 14)
        let above = random(3 * stages[0].layer.outputShape.count, 15)
        let outputs = stages.map { $0.forward(input, count: 3) }
        let below = zip(stages, outputs).map { $0.backward(input, $1, above, count: 3) }
        expectClose(outputs[0], outputs[1].map(Double.init), "output")
        expectClose(below[0], below[1].map(Double.init), "input")
        for number in stages[0].gradients.indices {
            expectClose(
                Array(stages[0].gradients[number]), stages[1].gradients[number].map(Double.init),
                "parameter \(number)")
        }
    }

    @Test(
        "a step's bits do not depend on the number of threads", arguments: Architecture.allCases)
    func threads(architecture: Architecture) throws {
        let shape = InputShape(channels: 1, height: 28, width: 28)
        // Winograd's parts are 64 samples.
        let count = architecture == .vgg11 ? 130 : 37
        let batch = Batch(count, shape)
        let results = try [1, 2, 3, 8].map { threads in
            let model = try Model(
                architecture, input: shape, classes: 10, maximumBatch: count, seed: 4,
                engine: .preferred, threads: threads)
            let loss = batch.loss(model)
            return (loss, Array(model.gradients), batch.evaluate(model).lossSum)
        }
        for result in results {
            #expect(result.0 == results[0].0 && result.2 == results[0].2)
            #expect(result.1 == results[0].1)
        }
    }
}
