/// How the words of a linear method, dense or sketch, are exchanged.
public struct ExchangeOptions: Codable, Equatable, Sendable {
    /// Words on the wire.
    public enum DataType: String, Codable, CaseIterable, Sendable {
        case float32, float16, bfloat16

        /// Bytes of a word.
        public var bytes: Int { self == .float32 ? 4 : 2 }
    }

    /// Words on the wire.
    public var dtype = DataType.float32
    /// Bytes of a bucket of the gradient, as float32; `nil` for all at once.
    public var bucketBytes: Int?
    /// Whether the exchange goes on while backward computes, on a thread of its own.
    public var overlap = false

    /// Whole words, all at once, after backward.
    public init() {}

    /// The options that differ from these defaults, as in ` float16 buckets=4MiB overlap`.
    var summary: String {
        var text = dtype == .float32 ? "" : " \(dtype.rawValue)"
        if let bucketBytes { text += " buckets=\(Units.text(bytes: bucketBytes))" }
        if overlap { text += " overlap" }
        return text
    }
}
