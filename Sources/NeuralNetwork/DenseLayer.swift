/// Fully connected: `y = x W^T + b`, weights out x in as in PyTorch.
package final class DenseLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape
    private let inputs: Int
    private let outputs: Int
    private let team: Team
    private var parameters: [Floats] = []
    private var gradients: [Floats] = []

    package init(_ input: InputShape, outputs: Int, team: Team = Team(threads: 1)) {
        self.team = team
        inputShape = input
        inputs = input.count
        self.outputs = outputs
        outputShape = InputShape(channels: outputs, height: 1, width: 1)
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
        multiply(
            input, parameters[0], transposingRight: true, into: output, m: count, n: outputs,
            k: inputs, accumulating: true)
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        team.run(inputGradient == nil ? 1 : 2) { part in
            if part == 0 {
                sumParameters(input, outputGradient, count)
            } else if let inputGradient {
                multiply(
                    outputGradient, parameters[0], into: inputGradient, m: count, n: inputs,
                    k: outputs)
            }
        }
    }

    private func sumParameters(_ input: ConstFloats, _ outputGradient: ConstFloats, _ count: Int) {
        multiply(
            outputGradient, input, transposingLeft: true, into: gradients[0], m: outputs, n: inputs,
            k: count)
        let bias = gradients[1]
        bias.update(repeating: 0, count: outputs)
        for sample in 0..<count {
            let row = outputGradient + sample * outputs
            for index in 0..<outputs { bias[index] += row[index] }
        }
    }
}
