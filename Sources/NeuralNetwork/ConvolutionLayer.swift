/// Two-dimensional convolution by im2col and one matrix product per group of images, so that the
/// columns of a group stay in the second-level cache.
package final class ConvolutionLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape
    private let geometry: ConvolutionGeometry
    private let hasBias: Bool
    private let group: Int
    private let columns: Scratch
    private let product: Scratch
    private var parameters: [Floats] = []
    private var gradients: [Floats] = []

    /// Floats of the columns of one group at most: half a megabyte.
    private static let groupFloats = 1 << 17

    package init(
        _ input: InputShape, filters: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        hasBias: Bool
    ) {
        inputShape = input
        geometry = ConvolutionGeometry(
            input: input, kernel: kernel, stride: stride, padding: padding)
        outputShape = InputShape(
            channels: filters, height: geometry.height, width: geometry.width)
        self.hasBias = hasBias
        let perImage = geometry.patch * outputShape.plane
        group = max(1, Self.groupFloats / max(1, perImage))
        columns = Scratch(group * perImage)
        product = Scratch(group * outputShape.count)
    }

    package var parameterRequests: [ParameterRequest] {
        let bound = 1 / Float(geometry.patch).squareRoot()
        let weights = ParameterRequest(
            kind: .weight,
            shape: [outputShape.channels, inputShape.channels, geometry.kernel, geometry.kernel],
            bound: bound)
        let bias = ParameterRequest(kind: .bias, shape: [outputShape.channels], bound: bound)
        return hasBias ? [weights, bias] : [weights]
    }

    package func bind(_ parameters: [Floats], _ gradients: [Floats], statistics: Floats) {
        self.parameters = parameters
        self.gradients = gradients
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        let plane = outputShape.plane
        eachGroup(of: count) { start, images in
            geometry.unfold(input + start * inputShape.count, columns.floats, images: images)
            multiply(
                parameters[0], columns.floats, into: product.floats, m: outputShape.channels,
                n: images * plane, k: geometry.patch)
            for image in 0..<images {
                for channel in 0..<outputShape.channels {
                    let from = product.floats + (channel * images + image) * plane
                    let to = output + ((start + image) * outputShape.channels + channel) * plane
                    let bias = hasBias ? parameters[1][channel] : 0
                    for index in 0..<plane { to[index] = from[index] + bias }
                }
            }
        }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        gradients[0].update(repeating: 0, count: outputShape.channels * geometry.patch)
        if hasBias { gradients[1].update(repeating: 0, count: outputShape.channels) }
        let plane = outputShape.plane
        eachGroup(of: count) { start, images in
            gatherGradient(outputGradient, start, images)
            geometry.unfold(input + start * inputShape.count, columns.floats, images: images)
            multiply(
                product.floats, columns.floats, transposingRight: true, into: gradients[0],
                m: outputShape.channels, n: geometry.patch, k: images * plane, accumulating: true)
            guard let inputGradient else { return }
            multiply(
                parameters[0], product.floats, transposingLeft: true, into: columns.floats,
                m: geometry.patch, n: images * plane, k: outputShape.channels)
            geometry.fold(columns.floats, inputGradient + start * inputShape.count, images: images)
        }
    }

    /// Brings a group's output gradient into channel-major order and sums it into the bias.
    private func gatherGradient(_ gradient: ConstFloats, _ start: Int, _ images: Int) {
        let plane = outputShape.plane
        for channel in 0..<outputShape.channels {
            var sum = SIMD8<Float>()
            var rest: Float = 0
            for image in 0..<images {
                let from = gradient + ((start + image) * outputShape.channels + channel) * plane
                let to = product.floats + (channel * images + image) * plane
                to.update(from: from, count: plane)
                guard hasBias else { continue }
                for block in 0..<(plane / 8) {
                    sum += UnsafeRawPointer(from + 8 * block).loadUnaligned(as: SIMD8<Float>.self)
                }
                for index in (plane / 8 * 8)..<plane { rest += from[index] }
            }
            if hasBias { gradients[1][channel] += sum.sum() + rest }
        }
    }

    private func eachGroup(of count: Int, _ body: (_ start: Int, _ images: Int) -> Void) {
        for start in stride(from: 0, to: count, by: group) {
            body(start, min(group, count - start))
        }
    }
}
