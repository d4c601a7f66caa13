import NeuralNetwork

/// The sums of a convolution written down as they stand in books, in float64, plane after plane.
/// Every engine's convolution is held against them.
struct NaiveConvolution {
    let input: InputShape
    let output: InputShape
    let kernel: Int
    let stride: Int
    let padding: Int

    init(_ input: InputShape, filters: Int, kernel: Int, stride: Int, padding: Int) {
        self.input = input
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        output = InputShape(
            channels: filters, height: (input.height + 2 * padding - kernel) / stride + 1,
            width: (input.width + 2 * padding - kernel) / stride + 1)
    }

    func forward(_ images: [Float], _ weights: [Float], _ bias: [Float]?, count: Int) -> [Double] {
        var result = [Double](repeating: 0, count: count * output.count)
        for place in result.indices {
            result[place] = Double(
                bias?[place / (output.height * output.width) % output.channels] ?? 0)
        }
        eachProduct(count) { target, source, weight in
            result[target] += Double(images[source]) * Double(weights[weight])
        }
        return result
    }

    func backward(
        _ images: [Float], _ weights: [Float], _ gradient: [Float], count: Int
    ) -> (images: [Double], weights: [Double], bias: [Double]) {
        var result = (
            images: [Double](repeating: 0, count: images.count),
            weights: [Double](repeating: 0, count: weights.count),
            bias: [Double](repeating: 0, count: output.channels)
        )
        for (place, value) in gradient.enumerated() {
            result.bias[place / (output.height * output.width) % output.channels] += Double(value)
        }
        eachProduct(count) { target, source, weight in
            result.images[source] += Double(gradient[target]) * Double(weights[weight])
            result.weights[weight] += Double(gradient[target]) * Double(images[source])
        }
        return result
    }

    /// Places in output, input and weights of every product.
    private func eachProduct(
        _ count: Int, _ body: (_ target: Int, _ source: Int, _ weight: Int) -> Void
    ) {
        for target in 0..<(count * output.count) {
            let (x, y) = (target % output.width, target / output.width % output.height)
            let filter = target / (output.width * output.height) % output.channels
            let image = target / output.count
            for channel in 0..<input.channels {
                for ky in 0..<kernel {
                    for kx in 0..<kernel {
                        let (row, column) = (y * stride + ky - padding, x * stride + kx - padding)
                        guard (0..<input.height).contains(row), (0..<input.width).contains(column)
                        else { continue }
                        body(
                            target,
                            ((image * input.channels + channel) * input.height + row) * input.width
                                + column,
                            ((filter * input.channels + channel) * kernel + ky) * kernel + kx)
                    }
                }
            }
        }
    }
}

/// Batch normalisation and the rectifier after it, in float64, plane after plane.
struct NaiveBatchNorm {
    let shape: InputShape
    let rectified: Bool

    private func channel(_ place: Int) -> Int {
        place / (shape.height * shape.width) % shape.channels
    }

    /// Mean and biased variance of every channel.
    func moments(_ images: [Float]) -> [(mean: Double, variance: Double)] {
        (0..<shape.channels).map { wanted in
            let values = images.indices.filter { channel($0) == wanted }.map { Double(images[$0]) }
            let mean = values.reduce(0, +) / Double(values.count)
            return (
                mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            )
        }
    }

    func forward(
        _ images: [Float], _ scale: [Float], _ shift: [Float],
        _ moments: [(mean: Double, variance: Double)]
    ) -> [Double] {
        images.indices.map { place in
            let c = channel(place)
            let inverse = 1 / (moments[c].variance + 1e-5).squareRoot()
            let value =
                (Double(images[place]) - moments[c].mean) * inverse * Double(scale[c])
                + Double(shift[c])
            return rectified ? max(0, value) : value
        }
    }

    func backward(
        _ images: [Float], _ scale: [Float], _ shift: [Float], _ gradient: [Float]
    ) -> (images: [Double], scale: [Double], shift: [Double]) {
        let moments = moments(images)
        let output = forward(images, scale, shift, moments)
        let above = gradient.indices.map {
            rectified && output[$0] <= 0 ? 0 : Double(gradient[$0])
        }
        let number = Double(images.count / shape.channels)
        var scales = [Double](repeating: 0, count: shape.channels)
        var shifts = scales
        func normal(_ place: Int) -> Double {
            let c = channel(place)
            return (Double(images[place]) - moments[c].mean)
                / (moments[c].variance + 1e-5).squareRoot()
        }
        for place in images.indices {
            scales[channel(place)] += above[place] * normal(place)
            shifts[channel(place)] += above[place]
        }
        let below = images.indices.map { place in
            let c = channel(place)
            return Double(scale[c]) / (moments[c].variance + 1e-5).squareRoot()
                * (above[place] - shifts[c] / number - normal(place) * scales[c] / number)
        }
        return (below, scales, shifts)
    }
}
