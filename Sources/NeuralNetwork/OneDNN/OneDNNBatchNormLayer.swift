import COneDNN

/// Batch normalisation by oneDNN, with the rectifier that may follow. Running mean and unbiased
/// variance move by a tenth per step, as in PyTorch.
package final class OneDNNBatchNormLayer: Layer {
    package let inputShape: InputShape
    package var outputShape: InputShape { inputShape }
    private let mean: Scratch
    private let variance: Scratch
    private let context: OneDNNContext
    private let order: PlaneOrder
    private let isRectified: Bool
    private var trainings = PerCount<NormTraining>()
    private var inferences = PerCount<Primitive>()
    private var parameters: [Floats] = []
    private var gradients: [Floats] = []
    private var statistics: Floats?

    init(_ context: OneDNNContext, _ input: InputShape, _ order: PlaneOrder, rectified: Bool) {
        self.context = context
        self.order = order
        inputShape = input
        isRectified = rectified
        mean = Scratch(input.channels)
        variance = Scratch(input.channels)
    }

    package var parameterRequests: [ParameterRequest] { BatchNormLayer.requests(inputShape) }

    /// Running means, then running variances.
    package var statisticsCount: Int { 2 * inputShape.channels }

    package func bind(_ parameters: [Floats], _ gradients: [Floats], statistics: Floats) {
        self.parameters = parameters
        self.gradients = gradients
        self.statistics = statistics
        (statistics + inputShape.channels).update(repeating: 1, count: inputShape.channels)
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        guard training else { return infer(input, output, count) }
        let primitive = pair(count).forward
        for (number, place) in [mean.floats, variance.floats, parameters[0], parameters[1]]
            .enumerated()
        {
            primitive.set(2 + number, place)
        }
        primitive.set(0, input)
        primitive.set(1, output)
        primitive.run()
        updateStatistics(Float(count * inputShape.plane))
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        let primitive = pair(count).backward
        primitive.set(0, input)
        primitive.set(1, outputGradient)
        // The kernel writes a gradient of the input in any case; over its own input it may.
        primitive.set(2, inputGradient ?? outputGradient)
        primitive.set(3, mean.floats)
        primitive.set(4, variance.floats)
        primitive.set(5, parameters[0])
        primitive.set(6, parameters[1])
        primitive.set(7, gradients[0])
        primitive.set(8, gradients[1])
        primitive.run()
    }

    private func pair(_ count: Int) -> NormTraining {
        trainings.of(count) { () throws(OneDNNError) in
            try NormTraining(
                context, try context.memory(count, inputShape, order), rectified: isRectified)
        }
    }

    private func infer(_ input: ConstFloats, _ output: Floats, _ count: Int) {
        guard let statistics else { return }
        let primitive = inferences.of(count) { () throws(OneDNNError) in
            try NormTraining.inference(
                context, try context.memory(count, inputShape, order), rectified: isRectified)
        }
        primitive.set(0, input)
        primitive.set(1, output)
        primitive.set(2, statistics)
        primitive.set(3, statistics + inputShape.channels)
        primitive.set(4, parameters[0])
        primitive.set(5, parameters[1])
        primitive.run()
    }

    private func updateStatistics(_ number: Float) {
        guard let statistics else { return }
        let channels = inputShape.channels
        for channel in 0..<channels {
            let unbiased = variance.floats[channel] * number / max(1, number - 1)
            let pace = BatchNormLayer.pace
            statistics[channel] += pace * (mean.floats[channel] - statistics[channel])
            statistics[channels + channel] += pace * (unbiased - statistics[channels + channel])
        }
    }
}

/// Forward and backward of so many samples, and which values the rectifier let pass.
struct NormTraining {
    let forward: Primitive
    let backward: Primitive
    private let passed: Scratch

    init(
        _ context: OneDNNContext, _ data: dnnl_memory_desc_t, rectified: Bool
    ) throws(OneDNNError) {
        var operation = dnnl_batch_normalization_desc_t()
        var data = data
        let flags = Self.flags(rectified)
        try OneDNNError.check(
            dnnl_batch_normalization_forward_desc_init(
                &operation, dnnl_forward_training, &data, BatchNormLayer.epsilon, flags),
            "dnnl_batch_normalization_forward_desc_init")
        let descriptor = try PrimitiveDescriptor(context, &operation)
        passed = Scratch((descriptor.bytes(DNNL_ARG_WORKSPACE) + 3) / 4)
        let workspace = rectified ? [DNNL_ARG_WORKSPACE] : []
        forward = try Primitive(
            context, descriptor,
            arguments: [
                DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_MEAN, DNNL_ARG_VARIANCE, DNNL_ARG_SCALE,
                DNNL_ARG_SHIFT,
            ] + workspace, scratchpad: context.scratchpad(ofPart: 0))
        try OneDNNError.check(
            dnnl_batch_normalization_backward_desc_init(
                &operation, dnnl_backward, &data, &data, BatchNormLayer.epsilon, flags),
            "dnnl_batch_normalization_backward_desc_init")
        backward = try Primitive(
            context, try PrimitiveDescriptor(context, &operation, forward: descriptor),
            arguments: [
                DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC, DNNL_ARG_MEAN,
                DNNL_ARG_VARIANCE, DNNL_ARG_SCALE, DNNL_ARG_SHIFT, DNNL_ARG_DIFF_SCALE,
                DNNL_ARG_DIFF_SHIFT,
            ] + workspace, scratchpad: context.scratchpad(ofPart: 0))
        guard rectified else { return }
        forward.set(6, passed.floats)
        backward.set(9, passed.floats)
    }

    /// With given mean and variance.
    static func inference(
        _ context: OneDNNContext, _ data: dnnl_memory_desc_t, rectified: Bool
    ) throws(OneDNNError) -> Primitive {
        var operation = dnnl_batch_normalization_desc_t()
        var data = data
        try OneDNNError.check(
            dnnl_batch_normalization_forward_desc_init(
                &operation, dnnl_forward_inference, &data, BatchNormLayer.epsilon,
                flags(rectified) | dnnl_use_global_stats.rawValue),
            "dnnl_batch_normalization_forward_desc_init")
        return try Primitive(
            context, try PrimitiveDescriptor(context, &operation),
            arguments: [
                DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_MEAN, DNNL_ARG_VARIANCE, DNNL_ARG_SCALE,
                DNNL_ARG_SHIFT,
            ], scratchpad: context.scratchpad(ofPart: 0))
    }

    private static func flags(_ rectified: Bool) -> UInt32 {
        dnnl_use_scale.rawValue | dnnl_use_shift.rawValue
            | (rectified ? dnnl_fuse_norm_relu.rawValue : 0)
    }
}
