/// Batch normalisation over samples, rows and columns of each channel, with the worker's own batch,
/// and the rectifier that may follow.
/// Running mean and unbiased variance move by a tenth per step, as in PyTorch.
package final class BatchNormLayer: Layer {
    package let inputShape: InputShape
    package var outputShape: InputShape { inputShape }
    private let isRectified: Bool
    private let mean: Scratch
    private let inverse: Scratch
    private var parameters: [Floats] = []
    private var gradients: [Floats] = []
    private var statistics: Floats?

    /// Added to every variance.
    static let epsilon: Float = 1e-5
    /// How far running statistics move per step.
    static let pace: Float = 0.1

    package init(_ input: InputShape, rectified: Bool = false) {
        inputShape = input
        isRectified = rectified
        mean = Scratch(input.channels)
        inverse = Scratch(input.channels)
    }

    package var parameterRequests: [ParameterRequest] { Self.requests(inputShape) }

    /// Scales of one and shifts of zero for every channel.
    static func requests(_ shape: InputShape) -> [ParameterRequest] {
        [
            ParameterRequest(kind: .scale, shape: [shape.channels], constant: 1),
            ParameterRequest(kind: .bias, shape: [shape.channels]),
        ]
    }

    /// Running means, then running variances.
    package var statisticsCount: Int { 2 * inputShape.channels }

    package func bind(_ parameters: [Floats], _ gradients: [Floats], statistics: Floats) {
        self.parameters = parameters
        self.gradients = gradients
        self.statistics = statistics
        (statistics + inputShape.channels).update(repeating: 1, count: inputShape.channels)
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        for channel in 0..<inputShape.channels {
            training ? measure(input, channel, count) : recall(channel)
            let scale = parameters[0][channel] * inverse.floats[channel]
            let shift = parameters[1][channel] - mean.floats[channel] * scale
            eachPlane(channel, count) { offset in
                let (from, to) = (input + offset, output + offset)
                let floor = isRectified ? 0 : -Float.infinity
                for index in 0..<inputShape.plane {
                    let value = from[index] * scale + shift
                    to[index] = value < floor ? floor : value
                }
            }
        }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        if isRectified { maskLine(output, outputGradient, count * inputShape.count) }
        let number = Float(count * inputShape.plane)
        for channel in 0..<inputShape.channels {
            let (mean, inverse) = (mean.floats[channel], inverse.floats[channel])
            var (sum, weighted) = (Float(0), Float(0))
            eachPlane(channel, count) { offset in
                var (planeSum, planeWeighted) = (SIMD8<Float>(), SIMD8<Float>())
                var (restSum, restWeighted) = (Float(0), Float(0))
                let (gradient, from) = (outputGradient + offset, input + offset)
                for block in 0..<(inputShape.plane / 8) {
                    let g = load8(gradient + 8 * block)
                    planeSum += g
                    planeWeighted += g * (load8(from + 8 * block) - mean)
                }
                for index in (inputShape.plane / 8 * 8)..<inputShape.plane {
                    restSum += gradient[index]
                    restWeighted += gradient[index] * (from[index] - mean)
                }
                sum += planeSum.sum() + restSum
                weighted += planeWeighted.sum() + restWeighted
            }
            gradients[0][channel] = weighted * inverse
            gradients[1][channel] = sum
            guard let inputGradient else { continue }
            let scale = parameters[0][channel] * inverse
            let slope = weighted * inverse * inverse / number
            let level = sum / number
            eachPlane(channel, count) { offset in
                let (gradient, from) = (outputGradient + offset, input + offset)
                let to = inputGradient + offset
                for index in 0..<inputShape.plane {
                    to[index] = scale * (gradient[index] - level - (from[index] - mean) * slope)
                }
            }
        }
    }

    private func measure(_ input: ConstFloats, _ channel: Int, _ count: Int) {
        let number = Float(count * inputShape.plane)
        let average = total(input, channel, count, around: 0, squared: false) / number
        let variance = total(input, channel, count, around: average, squared: true) / number
        mean.floats[channel] = average
        inverse.floats[channel] = 1 / (variance + Self.epsilon).squareRoot()
        guard let statistics else { return }
        let unbiased = variance * number / max(1, number - 1)
        statistics[channel] += Self.pace * (average - statistics[channel])
        let place = inputShape.channels + channel
        statistics[place] += Self.pace * (unbiased - statistics[place])
    }

    private func recall(_ channel: Int) {
        guard let statistics else { return }
        mean.floats[channel] = statistics[channel]
        let variance = statistics[inputShape.channels + channel]
        inverse.floats[channel] = 1 / (variance + Self.epsilon).squareRoot()
    }

    private func total(
        _ input: ConstFloats, _ channel: Int, _ count: Int, around center: Float, squared: Bool
    ) -> Float {
        var sum: Float = 0
        eachPlane(channel, count) { offset in
            var lanes = SIMD8<Float>()
            var rest: Float = 0
            let from = input + offset
            for block in 0..<(inputShape.plane / 8) {
                let value = load8(from + 8 * block) - center
                lanes += squared ? value * value : value
            }
            for index in (inputShape.plane / 8 * 8)..<inputShape.plane {
                let value = from[index] - center
                rest += squared ? value * value : value
            }
            sum += lanes.sum() + rest
        }
        return sum
    }

    @inline(__always)
    private func eachPlane(_ channel: Int, _ count: Int, _ body: (_ offset: Int) -> Void) {
        for image in 0..<count {
            body((image * inputShape.channels + channel) * inputShape.plane)
        }
    }
}
