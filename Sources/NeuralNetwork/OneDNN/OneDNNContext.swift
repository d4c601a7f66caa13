import COneDNN

/// What the oneDNN layers of one model share: engine, stream, and memory that one layer uses after
/// the other.
final class OneDNNContext {
    let engine: dnnl_engine_t
    let stream: dnnl_stream_t
    let attributes: dnnl_primitive_attr_t
    let team: Team
    /// Weights in a kernel's own order, for the output or for the gradient of the input.
    let weights = SharedBuffer()
    /// Weights' gradient in a kernel's own order.
    let weightsGradient = SharedBuffer()
    private var scratchpads = [SharedBuffer()]

    init(team: Team) throws(OneDNNError) {
        self.team = team
        var (engine, stream): (dnnl_engine_t?, dnnl_stream_t?)
        var attributes: dnnl_primitive_attr_t?
        try OneDNNError.check(dnnl_engine_create(&engine, dnnl_cpu, 0), "dnnl_engine_create")
        try OneDNNError.check(
            dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue),
            "dnnl_stream_create")
        try OneDNNError.check(
            dnnl_primitive_attr_create(&attributes), "dnnl_primitive_attr_create")
        try OneDNNError.check(
            dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user),
            "dnnl_primitive_attr_set_scratchpad_mode")
        guard let engine, let stream, let attributes else {
            throw OneDNNError(call: "dnnl_engine_create", status: dnnl_runtime_error)
        }
        self.engine = engine
        self.stream = stream
        self.attributes = attributes
    }

    deinit {
        dnnl_primitive_attr_destroy(attributes)
        dnnl_stream_destroy(stream)
        dnnl_engine_destroy(engine)
    }

    /// What a primitive writes and reads while it runs: parts that may run at the same time have one
    /// each.
    func scratchpad(ofPart part: Int) -> SharedBuffer {
        guard team.threads > 1 else { return scratchpads[0] }
        while scratchpads.count <= part { scratchpads.append(SharedBuffer()) }
        return scratchpads[part]
    }

    /// Floats of the given sizes, in the order that the tag names.
    func memory(
        _ sizes: [Int], _ tag: dnnl_format_tag_t
    ) throws(OneDNNError) -> dnnl_memory_desc_t {
        var result = dnnl_memory_desc_t()
        try OneDNNError.check(
            dnnl_memory_desc_init_by_tag(
                &result, Int32(sizes.count), sizes.map(Int64.init), dnnl_f32, tag),
            "dnnl_memory_desc_init_by_tag")
        return result
    }

    /// So many samples in an order.
    func memory(
        _ count: Int, _ shape: InputShape, _ order: PlaneOrder
    ) throws(OneDNNError) -> dnnl_memory_desc_t {
        let tag =
            switch order {
            case .planes: dnnl_nchw
            case .blocks: dnnl_nChw16c
            case .last: dnnl_nhwc
            }
        return try memory([count, shape.channels, shape.height, shape.width], tag)
    }
}

/// Memory that its users take turns with, as large as the largest asks for.
final class SharedBuffer {
    private var wanted = 0
    private var memory: Scratch?

    /// Asks for so many bytes.
    func reserve(bytes: Int) { wanted = max(wanted, bytes) }

    /// Where it is; as long as nobody reserves more.
    var floats: Floats {
        let count = (wanted + 3) / 4
        if let memory, memory.count >= count { return memory.floats }
        // The smaller one goes first: nobody reads it again.
        memory = nil
        let made = Scratch(count)
        memory = made
        return made.floats
    }
}
