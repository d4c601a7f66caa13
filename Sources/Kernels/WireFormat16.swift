import CKernels

/// Floating-point formats of 16 bits, for values on the wire.
///
/// Both directions quiet a NaN and keep its sign and the leading bits of its payload; everything
/// else is rounded to nearest, ties to even, subnormal numbers too, or widened exactly.
public enum WireFormat16: String, CaseIterable, Sendable {
    /// IEEE 754 binary16: 11 significant bits, up to 65,504; what is larger becomes infinite.
    case float16
    /// The upper half of a float32: 8 significant bits, its whole range.
    case bfloat16

    /// Rounds `values` into as many words from `target` on.
    public func encode(
        _ values: UnsafeBufferPointer<Float>, into target: UnsafeMutablePointer<UInt16>,
        kernel: Kernel = .best
    ) {
        guard let source = values.baseAddress else { return }
        guard let loops = kernel.loops?.pointee else {
            return encodeReference(source, values.count, target)
        }
        switch self {
        case .float16: loops.encode_float16(source, values.count, target)
        case .bfloat16: loops.encode_bfloat16(source, values.count, target)
        }
    }

    /// Widens `words` into as many floats from `target` on.
    public func decode(
        _ words: UnsafeBufferPointer<UInt16>, into target: UnsafeMutablePointer<Float>,
        kernel: Kernel = .best
    ) {
        guard let source = words.baseAddress else { return }
        guard let loops = kernel.loops?.pointee else {
            return decodeReference(source, words.count, target)
        }
        switch self {
        case .float16: loops.decode_float16(source, words.count, target)
        case .bfloat16: loops.decode_bfloat16(source, words.count, target)
        }
    }

    /// Adds the widened `words` to as many floats from `target` on.
    public func add(
        _ words: UnsafeBufferPointer<UInt16>, to target: UnsafeMutablePointer<Float>,
        kernel: Kernel = .best
    ) {
        guard let source = words.baseAddress else { return }
        guard let loops = kernel.loops?.pointee else {
            return addReference(source, words.count, target)
        }
        switch self {
        case .float16: loops.add_float16(source, words.count, target)
        case .bfloat16: loops.add_bfloat16(source, words.count, target)
        }
    }
}
