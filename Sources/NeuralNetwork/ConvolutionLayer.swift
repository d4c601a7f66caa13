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
    private let padded: Scratch
    private var parameters: [Floats] = []
    private var gradients: [Floats] = []

    /// Floats of the columns of one group at most: an eighth of a megabyte.
    private static let groupFloats = 1 << 15

    package convenience init(
        _ input: InputShape, filters: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        hasBias: Bool
    ) {
        let geometry = ConvolutionGeometry(
            input: input, kernel: kernel, stride: stride, padding: padding)
        self.init(geometry, filters: filters, hasBias: hasBias)
    }

    init(_ geometry: ConvolutionGeometry, filters: Int, hasBias: Bool) {
        self.geometry = geometry
        inputShape = geometry.input
        outputShape = InputShape(
            channels: filters, height: geometry.height, width: geometry.width)
        self.hasBias = hasBias
        let perImage = geometry.patch * geometry.columnCount
        group = max(1, Self.groupFloats / max(1, perImage))
        columns = Scratch(group * perImage)
        product = Scratch(group * filters * geometry.columnCount)
        padded = Scratch(geometry.paddedCount)
    }

    package var parameterRequests: [ParameterRequest] {
        Self.requests(
            [outputShape.channels, inputShape.channels, geometry.kernel, geometry.kernel],
            hasBias: hasBias)
    }

    /// Weights of a shape, out x in x rows x columns, and perhaps a bias, as PyTorch starts them.
    static func requests(_ shape: [Int], hasBias: Bool) -> [ParameterRequest] {
        let bound = 1 / Float(shape.dropFirst().reduce(1, *)).squareRoot()
        let weights = ParameterRequest(kind: .weight, shape: shape, bound: bound)
        let bias = ParameterRequest(kind: .bias, shape: [shape[0]], bound: bound)
        return hasBias ? [weights, bias] : [weights]
    }

    package func bind(_ parameters: [Floats], _ gradients: [Floats], statistics: Floats) {
        self.parameters = parameters
        self.gradients = gradients
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        eachGroup(of: count) { start, images in
            geometry.unfold(
                input + start * inputShape.count, columns.floats, images: images,
                padded: padded.floats)
            multiply(
                parameters[0], columns.floats, into: product.floats, m: outputShape.channels,
                n: images * geometry.columnCount, k: geometry.patch)
            scatterProduct(output, start, images)
        }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        gradients[0].update(repeating: 0, count: outputShape.channels * geometry.patch)
        if hasBias { gradients[1].update(repeating: 0, count: outputShape.channels) }
        eachGroup(of: count) { start, images in
            gatherGradient(outputGradient, start, images)
            geometry.unfold(
                input + start * inputShape.count, columns.floats, images: images,
                padded: padded.floats)
            multiply(
                product.floats, columns.floats, transposingRight: true, into: gradients[0],
                m: outputShape.channels, n: geometry.patch, k: images * geometry.columnCount,
                accumulating: true)
            guard let inputGradient else { return }
            multiply(
                parameters[0], product.floats, transposingLeft: true, into: columns.floats,
                m: geometry.patch, n: images * geometry.columnCount, k: outputShape.channels)
            geometry.fold(
                columns.floats, inputGradient + start * inputShape.count, images: images,
                padded: padded.floats)
        }
    }

    /// Brings a group's product into sample order and adds the bias.
    private func scatterProduct(_ output: Floats, _ start: Int, _ images: Int) {
        for image in 0..<images {
            for channel in 0..<outputShape.channels {
                let bias = hasBias ? parameters[1][channel] : 0
                eachLine(start, image, images, channel) { column, place in
                    let (from, to) = (product.floats + column, output + place)
                    for x in 0..<outputShape.width { to[x] = from[x] + bias }
                }
            }
        }
    }

    /// Brings a group's output gradient into channel-major order and sums it into the bias.
    private func gatherGradient(_ gradient: ConstFloats, _ start: Int, _ images: Int) {
        let width = outputShape.width
        for channel in 0..<outputShape.channels {
            var sum: Float = 0
            for image in 0..<images {
                eachLine(start, image, images, channel) { column, place in
                    let (from, to) = (gradient + place, product.floats + column)
                    copyLine(from, to, width)
                    for x in 0..<geometry.gap { to[width + x] = 0 }
                    if hasBias { sum += sumLine(from, width) }
                }
            }
            if hasBias { gradients[1][channel] += sum }
        }
    }

    /// Every output row of an image's channel: its place in the product and in the output.
    @inline(__always)
    private func eachLine(
        _ start: Int, _ image: Int, _ images: Int, _ channel: Int,
        _ body: (_ column: Int, _ place: Int) -> Void
    ) {
        var column = (channel * images + image) * geometry.columnCount
        var place = ((start + image) * outputShape.channels + channel) * outputShape.plane
        for _ in 0..<outputShape.height {
            body(column, place)
            column += geometry.lineWidth
            place += outputShape.width
        }
    }

    private func eachGroup(of count: Int, _ body: (_ start: Int, _ images: Int) -> Void) {
        for start in stride(from: 0, to: count, by: group) {
            body(start, min(group, count - start))
        }
    }
}
