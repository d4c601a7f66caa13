/// Zeros around every plane of an image.
package final class PadLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape
    private let top: Int
    private let left: Int

    /// To planes of so many rows and columns, the image in their middle.
    package init(_ input: InputShape, height: Int, width: Int) {
        inputShape = input
        outputShape = InputShape(channels: input.channels, height: height, width: width)
        top = (height - input.height) / 2
        left = (width - input.width) / 2
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        output.update(repeating: 0, count: count * outputShape.count)
        eachLine(count) { copyLine(input + $0, output + $1, inputShape.width) }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        guard let inputGradient else { return }
        eachLine(count) { copyLine(outputGradient + $1, inputGradient + $0, inputShape.width) }
    }

    @inline(__always)
    private func eachLine(_ count: Int, _ line: (_ from: Int, _ to: Int) -> Void) {
        for plane in 0..<(count * inputShape.channels) {
            for y in 0..<inputShape.height {
                line(
                    plane * inputShape.plane + y * inputShape.width,
                    plane * outputShape.plane + (y + top) * outputShape.width + left)
            }
        }
    }
}
