/// How the values of one sample lie.
///
/// Every order is `channels / lanes` groups of `height x width` pixels of `lanes` channels side by
/// side, so that a layer which knows the lanes need not know the order.
package enum PlaneOrder: Sendable {
    /// Plane after plane, as PyTorch's and as images come: one lane.
    case planes
    /// Sixteen channels of a pixel side by side, as many as a register of AVX-512 holds.
    case blocks
    /// All channels of a pixel side by side.
    case last

    /// Channels of a pixel that lie side by side.
    package func lanes(_ channels: Int) -> Int {
        switch self {
        case .planes: 1
        case .blocks: 16
        case .last: channels
        }
    }
}

/// Brings samples from one order into another.
package final class OrderLayer: Layer {
    package let inputShape: InputShape
    package var outputShape: InputShape { inputShape }
    private let from: Int
    private let to: Int

    package init(_ input: InputShape, from: PlaneOrder, to: PlaneOrder) {
        inputShape = input
        self.from = from.lanes(input.channels)
        self.to = to.lanes(input.channels)
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        eachPair(count) { output[$1] = input[$0] }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        guard let inputGradient else { return }
        eachPair(count) { inputGradient[$0] = outputGradient[$1] }
    }

    /// Every value's place in the input and in the output.
    @inline(__always)
    private func eachPair(_ count: Int, _ pair: (_ from: Int, _ to: Int) -> Void) {
        let plane = inputShape.plane
        for image in 0..<count {
            let start = image * inputShape.count
            for channel in 0..<inputShape.channels {
                let source = start + channel / from * from * plane + channel % from
                let target = start + channel / to * to * plane + channel % to
                for pixel in 0..<plane { pair(source + pixel * from, target + pixel * to) }
            }
        }
    }
}
