/// Two-dimensional convolution by oneDNN. Parameters and their gradients keep the model's order.
package final class OneDNNConvolutionLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape
    private let plan: ConvolutionPlan
    private let isFirst: Bool
    private var forwards = PerCount<ForwardConvolution>()
    private var backwards = PerCount<BackwardConvolution>()
    private var parameters: [Floats] = []
    private var gradients: [Floats] = []

    /// - Parameter isFirst: whether nobody asks for the gradient of its input.
    init(_ plan: ConvolutionPlan, isFirst: Bool) throws(OneDNNError) {
        self.plan = plan
        self.isFirst = isFirst
        inputShape = plan.input
        outputShape = plan.output
        try plan.check(isFirst: isFirst)
    }

    package var parameterRequests: [ParameterRequest] {
        ConvolutionLayer.requests(plan.weightShape, hasBias: plan.hasBias)
    }

    package func bind(_ parameters: [Floats], _ gradients: [Floats], statistics: Floats) {
        self.parameters = parameters
        self.gradients = gradients
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        let forward = forwards.of(count) { () throws(OneDNNError) in
            try ForwardConvolution(plan, count: count)
        }
        forward.run(
            input, output, weights: parameters[0], bias: plan.hasBias ? parameters[1] : nil)
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        let backward = backwards.of(count) { () throws(OneDNNError) in
            try BackwardConvolution(plan, count: count, needsInput: !isFirst)
        }
        backward.run(
            input, outputGradient, inputGradient, weights: parameters[0],
            weightsGradient: gradients[0], biasGradient: plan.hasBias ? gradients[1] : nil)
    }
}
