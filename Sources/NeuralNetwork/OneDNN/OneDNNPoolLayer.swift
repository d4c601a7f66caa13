import COneDNN

/// Largest of each 2x2 square, or mean of each plane, by oneDNN.
package final class OneDNNPoolLayer: Layer {
    package let inputShape: InputShape
    package let outputShape: InputShape
    private let context: OneDNNContext
    private let order: PlaneOrder
    private let isMaximum: Bool
    private var pools = PerCount<Pool>()

    /// - Parameter isMaximum: largest of 2x2, an odd last row or column left out; else the mean.
    init(_ context: OneDNNContext, _ input: InputShape, _ order: PlaneOrder, isMaximum: Bool) {
        self.context = context
        self.order = order
        self.isMaximum = isMaximum
        inputShape = input
        outputShape = InputShape(
            channels: input.channels, height: isMaximum ? input.height / 2 : 1,
            width: isMaximum ? input.width / 2 : 1)
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        let primitive = pool(count).forward
        primitive.set(0, input)
        primitive.set(1, output)
        primitive.run()
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int
    ) {
        guard let inputGradient else { return }
        let primitive = pool(count).backward
        primitive.set(0, inputGradient)
        primitive.set(1, outputGradient)
        primitive.run()
    }

    private func pool(_ count: Int) -> Pool {
        pools.of(count) { () throws(OneDNNError) in
            let kernel = isMaximum ? [2, 2] : [Int64(inputShape.height), Int64(inputShape.width)]
            return try Pool(
                context, try context.memory(count, inputShape, order),
                try context.memory(count, outputShape, order), kernel: kernel,
                algorithm: isMaximum ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding)
        }
    }
}

/// Forward and backward of so many samples, and which value of each square was the largest.
private struct Pool {
    let forward: Primitive
    let backward: Primitive
    private let winners: Scratch

    init(
        _ context: OneDNNContext, _ source: dnnl_memory_desc_t, _ target: dnnl_memory_desc_t,
        kernel: [Int64], algorithm: dnnl_alg_kind_t
    ) throws(OneDNNError) {
        var (operation, source, target) = (dnnl_pooling_desc_t(), source, target)
        let padding: [Int64] = [0, 0]
        try OneDNNError.check(
            dnnl_pooling_forward_desc_init(
                &operation, dnnl_forward_training, algorithm, &source, &target, kernel, kernel,
                padding, padding), "dnnl_pooling_forward_desc_init")
        let descriptor = try PrimitiveDescriptor(context, &operation)
        let bytes = descriptor.bytes(DNNL_ARG_WORKSPACE)
        winners = Scratch((bytes + 3) / 4)
        let workspace = bytes > 0 ? [DNNL_ARG_WORKSPACE] : []
        forward = try Primitive(
            context, descriptor, arguments: [DNNL_ARG_SRC, DNNL_ARG_DST] + workspace,
            scratchpad: context.scratchpad(ofPart: 0))
        try OneDNNError.check(
            dnnl_pooling_backward_desc_init(
                &operation, algorithm, &source, &target, kernel, kernel, padding, padding),
            "dnnl_pooling_backward_desc_init")
        backward = try Primitive(
            context, try PrimitiveDescriptor(context, &operation, forward: descriptor),
            arguments: [DNNL_ARG_DIFF_SRC, DNNL_ARG_DIFF_DST] + workspace,
            scratchpad: context.scratchpad(ofPart: 0))
        guard bytes > 0 else { return }
        forward.set(2, winners.floats)
        backward.set(2, winners.floats)
    }
}
