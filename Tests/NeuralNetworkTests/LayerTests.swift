import NeuralNetwork
import Testing

/// A layer with parameters of its own and random input, output gradient and directions.
private final class Bench {
    let layer: any Layer
    let count: Int
    var input: [Float]
    var parameters: [[Float]]
    let outputGradient: [Float]
    private var numbers = Numbers(state: 11)

    init(_ layer: any Layer, count: Int) {
        self.layer = layer
        self.count = count
        var numbers = Numbers(state: 7)
        func random(_ count: Int) -> [Float] {
            (0..<count).map { _ in Float.random(in: -1...1, using: &numbers) }
        }
        // Distinct multiples of a step, none near zero: no rectifier or maximum changes sides.
        input = (0..<(count * layer.inputShape.count)).map { 0.01 * (Float($0) + 0.5) }
        let middle = input[input.count / 2]
        input = input.map { $0 - middle + 0.005 }.shuffled(using: &numbers)
        let largest = input.map(abs).max() ?? 1
        input = input.map { $0 / largest }
        outputGradient = random(count * layer.outputShape.count)
        parameters = layer.parameterRequests.map { random($0.count) }
    }

    func random(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float.random(in: -1...1, using: &numbers) }
    }

    /// The output's product with the output gradient, and the gradients of it.
    func run() -> (value: Double, input: [Float], parameters: [[Float]]) {
        let places = parameters.map { values in
            let place = UnsafeMutablePointer<Float>.allocate(capacity: values.count)
            place.initialize(from: values, count: values.count)
            return place
        }
        let gradients = parameters.map { UnsafeMutablePointer<Float>.allocate(capacity: $0.count) }
        let statistics = UnsafeMutablePointer<Float>.allocate(capacity: layer.statisticsCount + 1)
        defer { (places + gradients + [statistics]).forEach { $0.deallocate() } }
        statistics.initialize(repeating: 0, count: layer.statisticsCount + 1)
        for (place, values) in zip(gradients, parameters) {
            place.initialize(repeating: .nan, count: values.count)
        }
        layer.bind(places, gradients, statistics: statistics)
        var output = [Float](repeating: .nan, count: outputGradient.count)
        var inputGradient = [Float](repeating: .nan, count: input.count)
        var above = outputGradient
        layer.forward(input, &output, count: count, training: true)
        layer.backward(input, output, &above, &inputGradient, count: count)
        let value = zip(output, outputGradient).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        return (
            value, inputGradient,
            zip(gradients, parameters).map {
                Array(UnsafeBufferPointer(start: $0, count: $1.count))
            }
        )
    }
}

@Suite("Layers")
struct LayerTests {
    private static let small = InputShape(channels: 3, height: 6, width: 5)

    private static let makers: [(String, @Sendable () -> any Layer)] = [
        ("dense", { DenseLayer(small, outputs: 7) }),
        ("convolution", { ConvolutionLayer(small, filters: 4, kernel: 3, hasBias: true) }),
        ("padded", { ConvolutionLayer(small, filters: 4, kernel: 3, padding: 1, hasBias: false) }),
        (
            "strided",
            {
                ConvolutionLayer(
                    InputShape(channels: 2, height: 8, width: 8), filters: 3, kernel: 3, stride: 2,
                    padding: 1, hasBias: true)
            }
        ),
        ("rectifier", { RectifierLayer(small) }),
        ("maximum pool", { MaxPoolLayer(small) }),
        ("average pool", { AveragePoolLayer(small) }),
        ("batch-norm", { BatchNormLayer(small) }),
        ("batch-norm and rectifier", { BatchNormLayer(small, rectified: true) }),
        ("pad", { PadLayer(small, height: 9, width: 7) }),
        ("order", { OrderLayer(small, from: .planes, to: .last) }),
        (
            "residual",
            {
                let input = InputShape(channels: 2, height: 4, width: 4)
                let body = ConvolutionLayer(
                    input, filters: 6, kernel: 3, stride: 2, padding: 1, hasBias: false)
                return ResidualLayer(
                    Chain(
                        input, layers: [body, BatchNormLayer(body.outputShape)], maximumBatch: 4),
                    order: .planes)
            }
        ),
    ]

    @Test("input and parameter gradients agree with central differences", arguments: 0..<12)
    func finiteDifferences(index: Int) {
        let (name, make) = Self.makers[index]
        let bench = Bench(make(), count: 4)
        let gradients = bench.run()
        #expect(gradients.input.allSatisfy(\.isFinite) && gradients.value.isFinite, "\(name)")
        check(name + " input", gradients.input) { direction, step in
            let kept = bench.input
            defer { bench.input = kept }
            bench.input = zip(kept, direction).map { $0 + step * $1 }
            return bench.run().value
        }
        for number in bench.parameters.indices {
            check("\(name) parameter \(number)", gradients.parameters[number]) { direction, step in
                let kept = bench.parameters[number]
                defer { bench.parameters[number] = kept }
                bench.parameters[number] = zip(kept, direction).map { $0 + step * $1 }
                return bench.run().value
            }
        }
    }

    /// Along random directions, and along single coordinates.
    private func check(
        _ what: String, _ gradient: [Float], value: (_ direction: [Float], _ step: Float) -> Double
    ) {
        var numbers = Numbers(state: 23)
        for attempt in 0..<8 {
            var direction = [Float](repeating: 0, count: gradient.count)
            if attempt < 4 {
                direction = direction.map { _ in Float.random(in: -1...1, using: &numbers) }
            } else {
                direction[Int.random(in: 0..<gradient.count, using: &numbers)] = 1
            }
            let step: Float = 5e-4
            let found = (value(direction, step) - value(direction, -step)) / Double(2 * step)
            let expected = zip(gradient, direction).reduce(0.0) {
                $0 + Double($1.0) * Double($1.1)
            }
            #expect(abs(found - expected) < 0.01 * max(1, abs(expected)), "\(what)")
        }
    }

    @Test(
        "convolution is the sum over its window, for every stride and padding",
        arguments: [1, 2, 3], [0, 1, 2])
    func naiveConvolution(stride: Int, padding: Int) {
        let input = InputShape(channels: 2, height: 9, width: 7)
        let layer = ConvolutionLayer(
            input, filters: 3, kernel: 3, stride: stride, padding: padding, hasBias: true)
        let bench = Bench(layer, count: 2)
        let shape = layer.outputShape
        var expected = 0.0
        for (place, weight) in bench.outputGradient.enumerated() {
            let (x, y) = (place % shape.width, place / shape.width % shape.height)
            let filter = place / (shape.width * shape.height) % 3
            let image = place / shape.count
            var sum = Double(bench.parameters[1][filter])
            for channel in 0..<2 {
                for ky in 0..<3 {
                    for kx in 0..<3 {
                        let (row, column) = (y * stride + ky - padding, x * stride + kx - padding)
                        guard (0..<9).contains(row), (0..<7).contains(column) else { continue }
                        let pixel = bench.input[((image * 2 + channel) * 9 + row) * 7 + column]
                        let kernel = ((filter * 2 + channel) * 3 + ky) * 3 + kx
                        sum += Double(pixel) * Double(bench.parameters[0][kernel])
                    }
                }
            }
            expected += sum * Double(weight)
        }
        #expect(abs(bench.run().value - expected) < 1e-4 * max(1, abs(expected)))
    }
}
