import COneDNN

/// A oneDNN operation with its shapes and orders decided.
final class PrimitiveDescriptor {
    fileprivate let handle: dnnl_primitive_desc_t

    /// - Parameters:
    ///   - operation: an operation descriptor of the C API.
    ///   - forward: the forward operation that a backward one belongs to.
    init(
        _ context: OneDNNContext, _ operation: UnsafeRawPointer,
        forward: PrimitiveDescriptor? = nil
    ) throws(OneDNNError) {
        OneDNN.useOneThread()
        var made: dnnl_primitive_desc_t?
        try OneDNNError.check(
            dnnl_primitive_desc_create(
                &made, operation, context.attributes, context.engine, forward?.handle),
            "dnnl_primitive_desc_create")
        guard let made else {
            throw OneDNNError(call: "dnnl_primitive_desc_create", status: dnnl_runtime_error)
        }
        handle = made
    }

    /// A copy from one order to another.
    init(
        _ context: OneDNNContext, from: dnnl_memory_desc_t, to: dnnl_memory_desc_t
    ) throws(OneDNNError) {
        OneDNN.useOneThread()
        var made: dnnl_primitive_desc_t?
        var (from, to) = (from, to)
        try OneDNNError.check(
            dnnl_reorder_primitive_desc_create(
                &made, &from, context.engine, &to, context.engine, context.attributes),
            "dnnl_reorder_primitive_desc_create")
        guard let made else {
            throw OneDNNError(call: "dnnl_primitive_desc_create", status: dnnl_runtime_error)
        }
        handle = made
    }

    deinit {
        dnnl_primitive_desc_destroy(handle)
    }

    /// What an argument (`DNNL_ARG_...`) must look like; empty when it takes none.
    func memory(_ argument: Int32) -> dnnl_memory_desc_t {
        dnnl_primitive_desc_query_md(handle, dnnl_query_exec_arg_md, argument)?.pointee
            ?? dnnl_memory_desc_t()
    }

    /// Bytes of an argument.
    func bytes(_ argument: Int32) -> Int {
        var memory = memory(argument)
        return dnnl_memory_desc_get_size(&memory)
    }
}

/// An operation that can run, with its arguments in a fixed order. Not to be run by two threads.
final class Primitive {
    private let context: OneDNNContext
    private let handle: dnnl_primitive_t
    private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>
    private let scratchpad: SharedBuffer?

    init(
        _ context: OneDNNContext, _ descriptor: PrimitiveDescriptor, arguments names: [Int32],
        scratchpad: SharedBuffer
    ) throws(OneDNNError) {
        self.context = context
        var made: dnnl_primitive_t?
        try OneDNNError.check(
            dnnl_primitive_create(&made, descriptor.handle), "dnnl_primitive_create")
        guard let made else {
            throw OneDNNError(call: "dnnl_primitive_create", status: dnnl_runtime_error)
        }
        handle = made
        let bytes = descriptor.bytes(DNNL_ARG_SCRATCHPAD)
        scratchpad.reserve(bytes: bytes)
        self.scratchpad = bytes > 0 ? scratchpad : nil
        let all = bytes > 0 ? names + [DNNL_ARG_SCRATCHPAD] : names
        arguments = .allocate(capacity: all.count)
        arguments.initialize(repeating: dnnl_exec_arg_t())
        for (index, name) in all.enumerated() {
            arguments[index].arg = name
            var shape = descriptor.memory(name)
            try OneDNNError.check(
                dnnl_memory_create(&arguments[index].memory, &shape, context.engine, nil),
                "dnnl_memory_create")
        }
    }

    deinit {
        for argument in arguments { dnnl_memory_destroy(argument.memory) }
        arguments.deallocate()
        dnnl_primitive_destroy(handle)
    }

    /// Tells where the argument with this number is.
    func set(_ number: Int, _ place: UnsafePointer<Float>) {
        dnnl_memory_set_data_handle(
            arguments[number].memory, UnsafeMutablePointer(mutating: place))
    }

    /// Runs on the arguments that were set.
    func run() {
        OneDNN.useOneThread()
        if let scratchpad { set(arguments.count - 1, scratchpad.floats) }
        let status = dnnl_primitive_execute(
            handle, context.stream, Int32(arguments.count), arguments.baseAddress)
        precondition(status == dnnl_success, "oneDNN failed with status \(status.rawValue)")
    }
}
