/// A record travels as a list of its values in the order of their declaration: there is one for
/// every step of every node, and names would be most of its bytes and of the time to read them.
extension StepRecord {
    private static let counts: [any WritableKeyPath<StepRecord, Int64> & Sendable] = [
        \.began, \.total, \.compute, \.encode, \.exchange, \.wait, \.decode, \.update, \.hidden,
        \.bytesSent, \.bytesReceived, \.messagesSent,
    ]

    /// Reads the list.
    ///
    /// - Throws: `DecodingError` where a value is missing or of another type.
    public init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        self.init(step: try list.decode(Int.self))
        loss = try list.decode(Double?.self)
        for count in Self.counts { self[keyPath: count] = try list.decode(Int64.self) }
        checksum = try list.decode(UInt64?.self)
        residual = try list.decode(Double?.self)
    }

    /// Writes the list.
    public func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(step)
        try list.encode(loss)
        for count in Self.counts { try list.encode(self[keyPath: count]) }
        try list.encode(checksum)
        try list.encode(residual)
    }
}
