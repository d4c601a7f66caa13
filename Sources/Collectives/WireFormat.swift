/// How the words of an operation travel.
public enum WireFormat: String, CaseIterable, Codable, Sendable {
    /// As they are.
    case float32
    /// IEEE 754 half precision, rounded to nearest even.
    case float16
    /// The upper half of a float32, rounded to nearest even.
    case bfloat16

    /// Bytes of one word on the wire.
    public var wordBytes: Int { self == .float32 ? 4 : 2 }
}

/// A buffer in an operation, with what becomes of its words on the way.
///
/// In a 16-bit format every range is rounded in place when it is sent, so that a sender holds what
/// its receivers got and all replicas end with the same bits. What rounding takes away is added to
/// `residual`: buffers and residuals together keep the sum. Rounded words stay as they are when
/// they are passed on.
public struct Transfer {
    /// The words.
    public var words: UnsafeMutableBufferPointer<Float>
    /// How they travel.
    public var format: WireFormat
    /// As long as `words`, or `nil` when rounding errors may be forgotten. Where a sum begins with
    /// another node's words, as on a server, the residual is added to it and cleared.
    public var residual: UnsafeMutableBufferPointer<Float>?

    /// Memberwise; as they are where nothing else is said.
    public init(
        _ words: UnsafeMutableBufferPointer<Float>, as format: WireFormat = .float32,
        residual: UnsafeMutableBufferPointer<Float>? = nil
    ) {
        precondition(residual == nil || residual?.count == words.count, "a residual for every word")
        self.words = words
        self.format = format
        self.residual = residual
    }
}
