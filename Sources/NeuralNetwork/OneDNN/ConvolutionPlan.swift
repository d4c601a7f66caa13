import COneDNN

/// A convolution as oneDNN is asked for it: shapes, orders and algorithm.
struct ConvolutionPlan {
    let context: OneDNNContext
    let input: InputShape
    let output: InputShape
    let kernel: Int
    let stride: Int
    let padding: Int
    let hasBias: Bool
    let inputOrder: PlaneOrder
    let outputOrder: PlaneOrder

    /// Winograd's minimal filtering needs a quarter of the products. It wins where there are tiles
    /// enough to fill its matrices and channels enough to pay for the transformations, and its
    /// rounding is a few times that of the plain sum.
    var isWinograd: Bool {
        OneDNN.hasAVX512 && kernel == 3 && stride == 1 && inputOrder == .blocks
            && outputOrder == .blocks && min(input.channels, output.channels) >= 64
            && max(input.channels, output.channels) >= 128 && min(output.height, output.width) >= 7
    }

    /// Samples of one part of a batch, which another thread may compute. Winograd's is larger,
    /// because every part transforms the weights again.
    func parts(of count: Int) -> [Range<Int>] {
        let size = isWinograd ? 64 : 16
        return Swift.stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// Throws where oneDNN lacks one of the operations.
    func check(isFirst: Bool) throws(OneDNNError) {
        let forward = try forward(1)
        _ = try backwardWeights(1, forward)
        if !isFirst { _ = try backwardData(1, forward) }
    }

    func forward(_ count: Int) throws(OneDNNError) -> PrimitiveDescriptor {
        var operation = dnnl_convolution_desc_t()
        try withMemories(count) { source, weights, bias, target, strides, padding in
            dnnl_convolution_forward_desc_init(
                &operation, dnnl_forward_training, algorithm, source, weights, bias, target,
                strides, padding, padding)
        }
        return try PrimitiveDescriptor(context, &operation)
    }

    func backwardData(
        _ count: Int, _ forward: PrimitiveDescriptor
    ) throws(OneDNNError) -> PrimitiveDescriptor {
        var operation = dnnl_convolution_desc_t()
        try withMemories(count) { source, weights, _, target, strides, padding in
            dnnl_convolution_backward_data_desc_init(
                &operation, algorithm, source, weights, target, strides, padding, padding)
        }
        return try PrimitiveDescriptor(context, &operation, forward: forward)
    }

    func backwardWeights(
        _ count: Int, _ forward: PrimitiveDescriptor
    ) throws(OneDNNError) -> PrimitiveDescriptor {
        var operation = dnnl_convolution_desc_t()
        try withMemories(count) { source, weights, bias, target, strides, padding in
            dnnl_convolution_backward_weights_desc_init(
                &operation, algorithm, source, weights, bias, target, strides, padding, padding)
        }
        return try PrimitiveDescriptor(context, &operation, forward: forward)
    }

    /// The weights' sizes, out x in x rows x columns.
    var weightShape: [Int] { [output.channels, input.channels, kernel, kernel] }

    private var algorithm: dnnl_alg_kind_t {
        isWinograd ? dnnl_convolution_winograd : dnnl_convolution_direct
    }

    private typealias MemoryPointer = UnsafePointer<dnnl_memory_desc_t>

    /// Calls with source, weights, bias, target, strides and padding; any order suits the weights.
    private func withMemories(
        _ count: Int,
        _ body: (
            MemoryPointer, MemoryPointer, MemoryPointer?, MemoryPointer, UnsafePointer<Int64>,
            UnsafePointer<Int64>
        ) -> dnnl_status_t
    ) throws(OneDNNError) {
        var source = try context.memory(count, input, inputOrder)
        var weights = try context.memory(weightShape, dnnl_format_tag_any)
        var bias = try context.memory([output.channels], dnnl_x)
        var target = try context.memory(count, output, outputOrder)
        let strides = [Int64(stride), Int64(stride)]
        let paddings = [Int64(padding), Int64(padding)]
        let status =
            hasBias
            ? body(&source, &weights, &bias, &target, strides, paddings)
            : body(&source, &weights, nil, &target, strides, paddings)
        try OneDNNError.check(status, "dnnl_convolution_desc_init")
    }
}
