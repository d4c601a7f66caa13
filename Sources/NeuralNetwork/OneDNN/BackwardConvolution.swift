import COneDNN

/// Gradients of a convolution of so many samples: that of the weights, which is one sum over all
/// samples, beside those of the input, which are independent of each other.
struct BackwardConvolution {
    private let plan: ConvolutionPlan
    private let weights: Primitive
    private let unpack: Primitive
    private let pack: Primitive?
    private let data: [(samples: Range<Int>, primitive: Primitive)]

    /// - Parameter needsInput: whether anybody wants the gradient of the input.
    init(_ plan: ConvolutionPlan, count: Int, needsInput: Bool) throws(OneDNNError) {
        self.plan = plan
        let context = plan.context
        let forward = try plan.forward(count)
        let descriptor = try plan.backwardWeights(count, forward)
        let bias = plan.hasBias ? [DNNL_ARG_DIFF_BIAS] : []
        weights = try Primitive(
            context, descriptor,
            arguments: [DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST] + bias,
            scratchpad: context.scratchpad(ofPart: 0))
        context.weightsGradient.reserve(bytes: descriptor.bytes(DNNL_ARG_DIFF_WEIGHTS))
        let copy = try PrimitiveDescriptor(
            context, from: descriptor.memory(DNNL_ARG_DIFF_WEIGHTS),
            to: try context.memory(plan.weightShape, dnnl_oihw))
        unpack = try Primitive(
            context, copy, arguments: [DNNL_ARG_SRC, DNNL_ARG_DST], scratchpad: SharedBuffer())
        var made: [(Range<Int>, Primitive)] = []
        var packed: Primitive?
        for (number, samples) in (needsInput ? plan.parts(of: count) : []).enumerated() {
            let part = try plan.backwardData(samples.count, try plan.forward(samples.count))
            let primitive = try Primitive(
                context, part,
                arguments: [DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST],
                scratchpad: plan.isWinograd
                    ? context.scratchpad(ofPart: 1 + number) : SharedBuffer())
            made.append((samples, primitive))
            guard packed == nil else { continue }
            packed = try .packing(
                context, plan.weightShape, part, into: context.weights)
        }
        pack = packed
        data = made
    }

    /// Overwrites the gradients of weights, bias and, where asked for, input.
    func run(
        _ input: ConstFloats, _ outputGradient: ConstFloats, _ inputGradient: Floats?,
        weights plain: Floats, weightsGradient: Floats, biasGradient: Floats?
    ) {
        let packed = plan.context.weights.floats
        if let pack {
            pack.set(0, plain)
            pack.set(1, packed)
            pack.run()
        }
        plan.context.team.run(1 + data.count) { part in
            if part == 0 {
                sumWeights(input, outputGradient, weightsGradient, biasGradient)
            } else if let inputGradient {
                let (samples, primitive) = data[part - 1]
                primitive.set(0, inputGradient + samples.lowerBound * plan.input.count)
                primitive.set(1, packed)
                primitive.set(2, outputGradient + samples.lowerBound * plan.output.count)
                primitive.run()
            }
        }
    }

    private func sumWeights(
        _ input: ConstFloats, _ outputGradient: ConstFloats, _ gradient: Floats, _ bias: Floats?
    ) {
        let packed = plan.context.weightsGradient.floats
        weights.set(0, input)
        weights.set(1, packed)
        weights.set(2, outputGradient)
        if let bias { weights.set(3, bias) }
        weights.run()
        unpack.set(0, packed)
        unpack.set(1, gradient)
        unpack.run()
    }
}
