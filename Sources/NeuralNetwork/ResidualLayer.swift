/// A block of layers with its input added to its output, and the rectifier that follows: the CIFAR
/// form of ResNet (He et al. 2015, option A), whose shortcuts have no convolution: they take every
/// second pixel and fill new channels with zeros, half before and half after.
package final class ResidualLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape
    let body: Chain
    private let stride: Int
    private let added: Int
    private let order: PlaneOrder
    /// Channels side by side that move together.
    private let piece: Int

    /// - Parameter order: of the input and of what the body makes of it; not `last`.
    package init(_ body: Chain, order: PlaneOrder) {
        self.body = body
        self.order = order
        inputShape = body.inputShape
        outputShape = body.outputShape
        stride = body.inputShape.height == body.outputShape.height ? 1 : 2
        added = (body.outputShape.channels - body.inputShape.channels) / 2
        piece = order == .blocks && added % 8 == 0 ? 8 : 1
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
        guard inputShape != outputShape else {
            return addRectified(input, output, count * outputShape.count)
        }
        eachPair(count) { from, to in addLine(input + from, output + to, piece) }
        rectify(output, count * outputShape.count)
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        maskLine(output, outputGradient, count * outputShape.count)
        body.backward(input, output, outputGradient, inputGradient, count: count)
        guard let inputGradient else { return }
        guard inputShape != outputShape else {
            return addLine(outputGradient, inputGradient, count * outputShape.count)
        }
        eachPair(count) { from, to in addLine(outputGradient + to, inputGradient + from, piece) }
    }

    /// Every piece of the input that the shortcut carries, with its place in the output.
    @inline(__always)
    private func eachPair(_ count: Int, _ pair: (_ from: Int, _ to: Int) -> Void) {
        let (fromLanes, toLanes) = (
            order.lanes(inputShape.channels), order.lanes(outputShape.channels)
        )
        for image in 0..<count {
            for channel in Swift.stride(from: 0, to: inputShape.channels, by: piece) {
                let from = image * inputShape.count + start(channel, inputShape, fromLanes)
                let to = image * outputShape.count + start(channel + added, outputShape, toLanes)
                for y in 0..<outputShape.height {
                    for x in 0..<outputShape.width {
                        pair(
                            from + stride * (y * inputShape.width + x) * fromLanes,
                            to + (y * outputShape.width + x) * toLanes)
                    }
                }
            }
        }
    }

    private func start(_ channel: Int, _ shape: InputShape, _ lanes: Int) -> Int {
        channel / lanes * lanes * shape.plane + channel % lanes
    }
}
