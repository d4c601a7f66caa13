/// A 64-bit checksum that depends on every bit and its place; for comparing replicas and naming
/// configurations, not against malice.
public enum Checksum {
    /// Of floats, by their bits.
    public static func of(_ values: UnsafeBufferPointer<Float>) -> UInt64 {
        of(bytes: UnsafeRawBufferPointer(values))
    }

    /// Of bytes: eight independent multiply-and-fold lanes of 64 bits, then the rest.
    public static func of(bytes: UnsafeRawBufferPointer) -> UInt64 {
        var running = RunningChecksum()
        running.add(bytes)
        return running.value
    }
}

/// The same checksum of bytes that come in pieces, cut anywhere.
public struct RunningChecksum: Sendable {
    private static let prime: UInt64 = 0x9FB2_1C65_1E98_DF25
    private static let blockBytes = 64

    private var lanes = SIMD8<UInt64>(1, 2, 3, 4, 5, 6, 7, 8) &* prime
    private var count = 0
    /// What does not fill a block yet.
    private var rest: [UInt8] = []

    /// Of nothing.
    public init() {}

    /// Takes the next bytes in.
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        count += bytes.count
        var bytes = bytes
        if !rest.isEmpty {
            let filling = bytes.prefix(Self.blockBytes - rest.count)
            rest += filling
            guard rest.count == Self.blockBytes else { return }
            rest.withUnsafeBytes { Self.mix($0, into: &lanes) }
            rest.removeAll(keepingCapacity: true)
            bytes = UnsafeRawBufferPointer(rebasing: bytes[filling.count...])
        }
        Self.mix(bytes, into: &lanes)
        rest += bytes.suffix(bytes.count % Self.blockBytes)
    }

    /// The checksum of all bytes so far.
    public var value: UInt64 {
        var sum = UInt64(count) &* Self.prime
        for lane in 0..<8 { sum = Self.fold(sum, lanes[lane]) }
        for byte in rest { sum = Self.fold(sum, UInt64(byte)) }
        return sum ^ (sum >> 32)
    }

    /// Whole blocks; what is left over stays out.
    private static func mix(_ bytes: UnsafeRawBufferPointer, into lanes: inout SIMD8<UInt64>) {
        var mixed = lanes
        for block in 0..<(bytes.count / blockBytes) {
            let offset = blockBytes * block
            let words = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
            mixed = (mixed ^ words) &* prime
            mixed ^= mixed &>> 29
        }
        lanes = mixed
    }

    private static func fold(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = ((sum ^ word) &* prime)
        return (mixed ^ (mixed >> 29)) &* 0xD6E8_FEB8_6659_FD93
    }
}

/// Whether every value is finite: a sum of `value * 0` is zero unless one is infinite or NaN.
public func allFinite(_ values: UnsafeBufferPointer<Float>) -> Bool {
    guard let source = values.baseAddress else { return true }
    var sum = SIMD16<Float>()
    let blocks = values.count / 16
    for block in 0..<blocks {
        sum += UnsafeRawPointer(source + 16 * block).loadUnaligned(as: SIMD16<Float>.self) * 0
    }
    var rest: Float = 0
    for index in (16 * blocks)..<values.count { rest += source[index] * 0 }
    return (sum.sum() + rest) == 0
}
