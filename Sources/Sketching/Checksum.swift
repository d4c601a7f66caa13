/// A 64-bit checksum that depends on every bit and its place; for comparing replicas and naming
/// configurations, not against malice.
public enum Checksum {
    /// Of floats, by their bits.
    public static func of(_ values: UnsafeBufferPointer<Float>) -> UInt64 {
        of(bytes: UnsafeRawBufferPointer(values))
    }

    /// Of bytes: eight independent multiply-and-fold lanes of 64 bits, then the rest.
    public static func of(bytes: UnsafeRawBufferPointer) -> UInt64 {
        var lanes = SIMD8<UInt64>(1, 2, 3, 4, 5, 6, 7, 8) &* prime
        let blocks = bytes.count / 64
        for block in 0..<blocks {
            let words = bytes.loadUnaligned(fromByteOffset: 64 * block, as: SIMD8<UInt64>.self)
            lanes = (lanes ^ words) &* prime
            lanes ^= lanes &>> 29
        }
        var sum = UInt64(bytes.count) &* prime
        for lane in 0..<8 { sum = fold(sum, lanes[lane]) }
        for index in (64 * blocks)..<bytes.count { sum = fold(sum, UInt64(bytes[index])) }
        return sum ^ (sum >> 32)
    }

    private static let prime: UInt64 = 0x9FB2_1C65_1E98_DF25

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
