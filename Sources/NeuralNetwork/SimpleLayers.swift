/// Rectifier.
package final class RectifierLayer: Layer {
    package let inputShape: InputShape
    package var outputShape: InputShape { inputShape }

    package init(_ input: InputShape) {
        inputShape = input
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        let total = count * inputShape.count
        let zero = SIMD8<Float>()
        for block in 0..<(total / 8) {
            let value = load8(input + 8 * block)
            store8(value.replacing(with: zero, where: value .< zero), output + 8 * block)
        }
        for index in (total / 8 * 8)..<total { output[index] = max(input[index], 0) }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        guard let inputGradient else { return }
        let total = count * inputShape.count
        let zero = SIMD8<Float>()
        for block in 0..<(total / 8) {
            let gradient = load8(outputGradient + 8 * block)
            let passes = load8(output + 8 * block) .> zero
            store8(zero.replacing(with: gradient, where: passes), inputGradient + 8 * block)
        }
        for index in (total / 8 * 8)..<total {
            inputGradient[index] = output[index] > 0 ? outputGradient[index] : 0
        }
    }
}

/// Largest of each 2x2 square; an odd last row or column is left out, as in PyTorch.
package final class MaxPoolLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape

    package init(_ input: InputShape) {
        inputShape = input
        outputShape = InputShape(
            channels: input.channels, height: input.height / 2, width: input.width / 2)
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        let width = inputShape.width
        for plane in 0..<(count * inputShape.channels) {
            let from = input + plane * inputShape.plane
            let to = output + plane * outputShape.plane
            for y in 0..<outputShape.height {
                let top = from + 2 * y * width
                for x in 0..<outputShape.width {
                    to[y * outputShape.width + x] = max(
                        max(top[2 * x], top[2 * x + 1]),
                        max(top[width + 2 * x], top[width + 2 * x + 1]))
                }
            }
        }
    }

    /// The gradient goes to the first of the largest.
    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        guard let inputGradient else { return }
        inputGradient.update(repeating: 0, count: count * inputShape.count)
        let width = inputShape.width
        for plane in 0..<(count * inputShape.channels) {
            let from = input + plane * inputShape.plane
            let to = inputGradient + plane * inputShape.plane
            for y in 0..<outputShape.height {
                for x in 0..<outputShape.width {
                    let place = plane * outputShape.plane + y * outputShape.width + x
                    let corner = 2 * y * width + 2 * x
                    let largest = output[place]
                    let winner =
                        from[corner] == largest
                        ? corner
                        : from[corner + 1] == largest
                            ? corner + 1
                            : from[corner + width] == largest ? corner + width : corner + width + 1
                    to[winner] = outputGradient[place]
                }
            }
        }
    }
}

/// Mean of each plane.
package final class AveragePoolLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape

    package init(_ input: InputShape) {
        inputShape = input
        outputShape = InputShape(channels: input.channels, height: 1, width: 1)
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        let plane = inputShape.plane
        for number in 0..<(count * inputShape.channels) {
            var sum: Float = 0
            for index in 0..<plane { sum += input[number * plane + index] }
            output[number] = sum / Float(plane)
        }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        guard let inputGradient else { return }
        let plane = inputShape.plane
        for number in 0..<(count * inputShape.channels) {
            let share = outputGradient[number] / Float(plane)
            (inputGradient + number * plane).update(repeating: share, count: plane)
        }
    }
}
