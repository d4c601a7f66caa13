/// Where things are in a node's segment: a head, then one ring for every sender.
///
/// ```
/// segment = head ring*
/// head    = magic(u64) token(u64) rings(u32) capacity(u32) ... doorbell(u32, at 64)   one page
/// ring    = written(u64) ... read(u64, at 64) ... reader waits(u32, at 128)
///           writer waits(u32, at 192)                                                 one page
///           capacity bytes of records
/// record  = head(64 bytes, what follows is for the user) payload padding to 64
/// ```
public struct RingLayout: Equatable, Sendable {
    static let page = 4096
    static let magic: UInt64 = 0x3167_6E69_726C_7270

    /// Number of rings.
    public let rings: Int
    /// Bytes of a ring's records: a power of two.
    public let capacity: Int

    /// - Parameters:
    ///   - rings: at least 1.
    ///   - capacity: a power of two, at least 4096.
    public init(rings: Int, capacity: Int) {
        precondition(rings >= 1 && capacity >= Self.page && capacity.nonzeroBitCount == 1)
        self.rings = rings
        self.capacity = capacity
    }

    /// Bytes of the segment.
    public var byteCount: Int { Self.page + rings * (Self.page + capacity) }

    func ring(_ index: Int) -> Range<Int> {
        let start = Self.page + index * (Self.page + capacity)
        return start..<(start + Self.page + capacity)
    }

    /// Marks a new segment.
    public func mark(_ segment: SharedSegment, token: UInt64) {
        segment.bytes.storeBytes(of: token, toByteOffset: 8, as: UInt64.self)
        segment.bytes.storeBytes(of: UInt32(rings), toByteOffset: 16, as: UInt32.self)
        segment.bytes.storeBytes(of: UInt32(capacity), toByteOffset: 20, as: UInt32.self)
        segment.bytes.storeBytes(of: Self.magic, toByteOffset: 0, as: UInt64.self)
    }

    /// Whether a segment is the one that its owner spoke of.
    public func isMarked(_ segment: SharedSegment, token: UInt64) -> Bool {
        let bytes = segment.bytes
        return bytes.count == byteCount && bytes.load(as: UInt64.self) == Self.magic
            && bytes.load(fromByteOffset: 8, as: UInt64.self) == token
            && bytes.load(fromByteOffset: 16, as: UInt32.self) == UInt32(rings)
            && bytes.load(fromByteOffset: 20, as: UInt32.self) == UInt32(capacity)
    }

    /// The doorbell of a segment's owner.
    public func doorbell(_ segment: SharedSegment) -> Doorbell? {
        segment.bytes.baseAddress.map { Doorbell(at: $0 + 64) }
    }
}
