/// The fixed header in front of every data-plane payload: 48 bytes, little-endian.
///
/// ```
/// frame   = header payload
/// header  = magic(u32) version(u8) kind(u8) from(u16) run(u64) generation(u32)
///           operation(u32) index(u32) length(u32) release(u64) reserved(u64 = 0)
/// payload = length bytes of little-endian words, 4 bytes each or 2
/// ```
///
/// `operation` counts the collective operations of a run, `index` the frames that `from` sends to
/// this receiver within the operation: the two place a frame without trusting arrival order.
public struct FrameHeader: Equatable, Sendable {
    /// Bytes of an encoded header.
    public static let byteCount = 48
    /// "PRLS" in ASCII, little-endian.
    public static let magic: UInt32 = 0x534C_5250
    /// The data-plane version this build speaks.
    public static let version: UInt8 = 1

    /// Rank of the sender; a dedicated server's rank is the world size.
    public var from: Int
    /// Random identity of the run, agreed by the coordinator.
    public var run: UInt64
    /// Membership generation within the run.
    public var generation: UInt32
    /// Number of the collective operation within the run.
    public var operation: UInt32
    /// Number of the frame from this sender to this receiver within the operation.
    public var index: UInt32
    /// Payload length in bytes.
    public var length: Int
    /// When the frame leaves an emulated link, in nanoseconds of the machine's monotonic clock;
    /// 0 without an emulated link.
    public var release: UInt64

    /// Makes a header; `from` must fit 16 bits and `length` 32.
    public init(
        from: Int, run: UInt64, generation: UInt32, operation: UInt32, index: UInt32, length: Int,
        release: UInt64 = 0
    ) {
        self.from = from
        self.run = run
        self.generation = generation
        self.operation = operation
        self.index = index
        self.length = length
        self.release = release
    }

    /// Writes the header into the first `byteCount` bytes of `bytes`.
    public func encode(into bytes: UnsafeMutableRawBufferPointer) {
        precondition(bytes.count >= Self.byteCount, "a header needs 48 bytes")
        bytes.storeBytes(of: Self.magic.littleEndian, toByteOffset: 0, as: UInt32.self)
        bytes.storeBytes(of: Self.version, toByteOffset: 4, as: UInt8.self)
        bytes.storeBytes(of: 1, toByteOffset: 5, as: UInt8.self)
        bytes.storeBytes(of: UInt16(from).littleEndian, toByteOffset: 6, as: UInt16.self)
        bytes.storeBytes(of: run.littleEndian, toByteOffset: 8, as: UInt64.self)
        bytes.storeBytes(of: generation.littleEndian, toByteOffset: 16, as: UInt32.self)
        bytes.storeBytes(of: operation.littleEndian, toByteOffset: 20, as: UInt32.self)
        bytes.storeBytes(of: index.littleEndian, toByteOffset: 24, as: UInt32.self)
        bytes.storeBytes(of: UInt32(length).littleEndian, toByteOffset: 28, as: UInt32.self)
        bytes.storeBytes(of: release.littleEndian, toByteOffset: 32, as: UInt64.self)
        bytes.storeBytes(of: 0, toByteOffset: 40, as: UInt64.self)
    }

    /// Reads a header; never traps on foreign bytes.
    ///
    /// - Throws: `FrameError` naming what does not fit.
    public init(parsing bytes: UnsafeRawBufferPointer) throws(FrameError) {
        guard bytes.count == Self.byteCount else { throw .headerLength(bytes.count) }
        let magic = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
        guard magic == Self.magic else { throw .magic(magic) }
        guard bytes[4] == Self.version else { throw .version(bytes[4]) }
        guard bytes[5] == 1 else { throw .kind(bytes[5]) }
        from = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self)))
        run = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        generation = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
        operation = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 20, as: UInt32.self))
        index = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt32.self))
        length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 28, as: UInt32.self)))
        release = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self))
        guard length % 2 == 0 else { throw .length(length) }
    }
}

/// Why bytes are not a frame of ours.
public enum FrameError: Error, Equatable, CustomStringConvertible {
    /// The header part has another size than 48 bytes.
    case headerLength(Int)
    /// The first four bytes are not "PRLS".
    case magic(UInt32)
    /// A data-plane version this build does not speak.
    case version(UInt8)
    /// An unknown kind of frame.
    case kind(UInt8)
    /// A payload length that is odd.
    case length(Int)

    /// One line: what was found and what is allowed.
    public var description: String {
        switch self {
        case .headerLength(let count):
            "frame header of \(count) bytes, expected \(FrameHeader.byteCount)"
        case .magic(let found): "frame begins with \(String(found, radix: 16)), not with \"PRLS\""
        case .version(let found):
            "frame of data-plane version \(found), this build speaks \(FrameHeader.version)"
        case .kind(let found): "frame of unknown kind \(found)"
        case .length(let found): "frame payload of \(found) bytes, expected an even number"
        }
    }
}
