import COneDNN

/// Convolution of so many samples forward: weights into the kernel's order, then part after part.
struct ForwardConvolution {
    private let plan: ConvolutionPlan
    private let pack: Primitive
    private let parts: [(samples: Range<Int>, primitive: Primitive)]

    init(_ plan: ConvolutionPlan, count: Int) throws(OneDNNError) {
        self.plan = plan
        let context = plan.context
        let bias = plan.hasBias ? [DNNL_ARG_BIAS] : []
        var made: [(Range<Int>, Primitive)] = []
        var packed: Primitive?
        for (number, samples) in plan.parts(of: count).enumerated() {
            let descriptor = try plan.forward(samples.count)
            let primitive = try Primitive(
                context, descriptor,
                arguments: [DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST] + bias,
                scratchpad: plan.isWinograd
                    ? context.scratchpad(ofPart: number) : SharedBuffer())
            made.append((samples, primitive))
            guard packed == nil else { continue }
            packed = try .packing(
                context, plan.weightShape, descriptor, into: context.weights)
        }
        guard let packed else {
            throw OneDNNError(call: "no samples", status: dnnl_invalid_arguments)
        }
        pack = packed
        parts = made
    }

    func run(_ input: ConstFloats, _ output: Floats, weights: Floats, bias: Floats?) {
        let packed = plan.context.weights.floats
        pack.set(0, weights)
        pack.set(1, packed)
        pack.run()
        plan.context.team.run(parts.count) { number in
            let (samples, primitive) = parts[number]
            primitive.set(0, input + samples.lowerBound * plan.input.count)
            primitive.set(1, packed)
            primitive.set(2, output + samples.lowerBound * plan.output.count)
            if let bias { primitive.set(3, bias) }
            primitive.run()
        }
    }
}

extension Primitive {
    /// Brings weights from the model's order into the one that a descriptor asks for.
    static func packing(
        _ context: OneDNNContext, _ shape: [Int], _ descriptor: PrimitiveDescriptor,
        into buffer: SharedBuffer
    ) throws(OneDNNError) -> Primitive {
        buffer.reserve(bytes: descriptor.bytes(DNNL_ARG_WEIGHTS))
        let copy = try PrimitiveDescriptor(
            context, from: try context.memory(shape, dnnl_oihw),
            to: descriptor.memory(DNNL_ARG_WEIGHTS))
        return try Primitive(
            context, copy, arguments: [DNNL_ARG_SRC, DNNL_ARG_DST], scratchpad: SharedBuffer())
    }
}
