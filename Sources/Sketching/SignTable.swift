/// Sign masks by byte: eight lanes of 0 or the float sign bit, 8 KiB, so that signs cost two loads
/// and no arithmetic, also where the processor cannot shift lanes by different amounts.
final class SignTable {
    let masks: UnsafeMutablePointer<SIMD8<UInt32>>

    init() {
        masks = .allocate(capacity: 256)
        for byte in 0..<256 {
            var lanes = SIMD8<UInt32>()
            for lane in 0..<8 where byte >> lane & 1 == 1 { lanes[lane] = 0x8000_0000 }
            (masks + byte).initialize(to: lanes)
        }
    }

    deinit {
        masks.deallocate()
    }
}

/// Flips the signs of 16 lanes by the low 16 bits of a hash.
@inline(__always)
func signed(
    _ values: SIMD16<Float>, _ hash: UInt64, _ masks: UnsafeMutablePointer<SIMD8<UInt32>>
) -> SIMD16<Float> {
    let low = masks[Int(truncatingIfNeeded: hash & 0xFF)]
    let high = masks[Int(truncatingIfNeeded: (hash >> 8) & 0xFF)]
    let bits = unsafeBitCast(values, to: SIMD16<UInt32>.self) ^ SIMD16(lowHalf: low, highHalf: high)
    return unsafeBitCast(bits, to: SIMD16<Float>.self)
}

/// Sixteen floats from any float address.
@inline(__always)
func load16(_ address: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(address).loadUnaligned(as: SIMD16<Float>.self)
}

/// Sixteen floats to any float address.
@inline(__always)
func store16(_ values: SIMD16<Float>, _ address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: values, as: SIMD16<Float>.self)
}
