/// A block of layers with its input added to its output: the CIFAR form of ResNet (He et al. 2015,
/// option A), whose shortcuts have no convolution: they take every second pixel and fill new
/// channels with zeros, half before and half after.
package final class ResidualLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape
    let body: Chain
    private let stride: Int
    private let added: Int

    package init(_ body: Chain) {
        self.body = body
        inputShape = body.inputShape
        outputShape = body.outputShape
        stride = body.inputShape.height == body.outputShape.height ? 1 : 2
        added = (body.outputShape.channels - body.inputShape.channels) / 2
    }

    package var parameterRequests: [ParameterRequest] { body.layers.flatMap(\.parameterRequests) }
    package var statisticsCount: Int { body.layers.reduce(0) { $0 + $1.statisticsCount } }

    package func bind(_ parameters: [Floats], _ gradients: [Floats], statistics: Floats) {
        var (next, place) = (0, 0)
        for layer in body.layers {
            let count = layer.parameterRequests.count
            layer.bind(
                Array(parameters[next..<(next + count)]), Array(gradients[next..<(next + count)]),
                statistics: statistics + place)
            next += count
            place += layer.statisticsCount
        }
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        body.forward(input, output, count: count, training: training)
        eachPair(count) { from, to in output[to] += input[from] }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        body.backward(input, output, outputGradient, inputGradient, count: count)
        guard let inputGradient else { return }
        eachPair(count) { from, to in inputGradient[from] += outputGradient[to] }
    }

    /// Every value of the input that the shortcut carries, with its place in the output.
    @inline(__always)
    private func eachPair(_ count: Int, _ pair: (_ from: Int, _ to: Int) -> Void) {
        for image in 0..<count {
            for channel in 0..<inputShape.channels {
                let from = image * inputShape.count + channel * inputShape.plane
                let to = image * outputShape.count + (channel + added) * outputShape.plane
                for y in 0..<outputShape.height {
                    for x in 0..<outputShape.width {
                        pair(
                            from + stride * (y * inputShape.width + x),
                            to + y * outputShape.width + x)
                    }
                }
            }
        }
    }
}
