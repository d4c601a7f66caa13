/// Fully connected: `y = x W^T + b`, weights out x in as in PyTorch.
package final class DenseLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape
    private let inputs: Int
    private let outputs: Int
    private let team: Team
    private let outputPanels: [Range<Int>]
    private let inputPanels: [Range<Int>]
    private var parameters: [Floats] = []
    private var gradients: [Floats] = []

    package init(_ input: InputShape, outputs: Int, team: Team = Team(threads: 1)) {
        self.team = team
        inputShape = input
        inputs = input.count
        self.outputs = outputs
        outputShape = InputShape(channels: outputs, height: 1, width: 1)
        outputPanels = Self.panels(of: outputs)
        inputPanels = Self.panels(of: input.count)
    }

    package var parameterRequests: [ParameterRequest] {
        let bound = 1 / Float(inputs).squareRoot()
        return [
            ParameterRequest(kind: .weight, shape: [outputs, inputs], bound: bound),
            ParameterRequest(kind: .bias, shape: [outputs], bound: bound),
        ]
    }

    package func bind(_ parameters: [Floats], _ gradients: [Floats], statistics: Floats) {
        self.parameters = parameters
        self.gradients = gradients
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        for sample in 0..<count {
            (output + sample * outputs).update(from: parameters[1], count: outputs)
        }
        team.run(outputPanels.count) { number in
            let panel = outputPanels[number]
            multiply(
                input, parameters[0] + panel.lowerBound * inputs, transposingRight: true,
                into: output + panel.lowerBound, m: count, n: panel.count, k: inputs,
                accumulating: true, strides: (inputs, inputs, outputs))
        }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        sumBias(outputGradient, count)
        let own = outputPanels.count
        team.run(inputGradient == nil ? own : own + inputPanels.count) { part in
            if part < own {
                let panel = outputPanels[part]
                multiply(
                    outputGradient + panel.lowerBound, input, transposingLeft: true,
                    into: gradients[0] + panel.lowerBound * inputs, m: panel.count, n: inputs,
                    k: count, strides: (outputs, inputs, inputs))
            } else if let inputGradient {
                let panel = inputPanels[part - own]
                multiply(
                    outputGradient, parameters[0] + panel.lowerBound,
                    into: inputGradient + panel.lowerBound, m: count, n: panel.count, k: outputs,
                    strides: (outputs, inputs, inputs))
            }
        }
    }

    private func sumBias(_ outputGradient: ConstFloats, _ count: Int) {
        let bias = gradients[1]
        bias.update(repeating: 0, count: outputs)
        for sample in 0..<count {
            let row = outputGradient + sample * outputs
            for index in 0..<outputs { bias[index] += row[index] }
        }
    }

    /// Parts of a matrix's side that are products of their own, so that no sum is divided.
    private static func panels(of side: Int) -> [Range<Int>] {
        let width = (side / max(1, side / 256) + 15) / 16 * 16
        return stride(from: 0, to: side, by: width).map { $0..<min($0 + width, side) }
    }
}
