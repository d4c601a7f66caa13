// The conversions written to be read; the compiled loops are held against them bit for bit.
extension WireFormat16 {
    /// One value, rounded to nearest, ties to even.
    public func word(of value: Float) -> UInt16 {
        switch self {
        case .float16: roundedToFloat16(value)
        case .bfloat16: roundedToBfloat16(value)
        }
    }

    /// One value, widened.
    public func value(of word: UInt16) -> Float {
        switch self {
        case .float16: widened(word)
        case .bfloat16: Float(bitPattern: UInt32(word) << 16)
        }
    }

    func encodeReference(
        _ source: UnsafePointer<Float>, _ count: Int, _ target: UnsafeMutablePointer<UInt16>
    ) {
        for index in 0..<count { target[index] = word(of: source[index]) }
    }

    func decodeReference(
        _ source: UnsafePointer<UInt16>, _ count: Int, _ target: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count { target[index] = value(of: source[index]) }
    }

    func addReference(
        _ source: UnsafePointer<UInt16>, _ count: Int, _ target: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count { target[index] += value(of: source[index]) }
    }
}

private func roundedToFloat16(_ value: Float) -> UInt16 {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 {
        return sign | 0x7E00 | UInt16(truncatingIfNeeded: magnitude >> 13) & 0x03FF
    }
    if magnitude >= 0x4780_0000 { return sign | 0x7C00 }
    if magnitude >= 0x3880_0000 {
        // The exponent's bias falls from 127 to 15; a carry out of the fraction raises it rightly.
        return sign | UInt16(truncatingIfNeeded: rounded(magnitude - 0x3800_0000, dropping: 13))
    }
    // Units of 2^-24: the significand is shifted by what the exponent is short of.
    let exponent = Int(magnitude >> 23)
    guard exponent >= 102 else { return sign }
    let significand = magnitude & 0x007F_FFFF | 0x0080_0000
    return sign | UInt16(truncatingIfNeeded: rounded(significand, dropping: 126 - exponent))
}

private func roundedToBfloat16(_ value: Float) -> UInt16 {
    let high = UInt16(truncatingIfNeeded: value.bitPattern >> 16)
    return value.isNaN
        ? high | 0x0040 : UInt16(truncatingIfNeeded: rounded(value.bitPattern, dropping: 16))
}

/// Shifts right and rounds to nearest, ties to even.
private func rounded(_ bits: UInt32, dropping count: Int) -> UInt32 {
    let half = UInt32(1) << (count - 1)
    return (bits + half - 1 + bits >> count & 1) >> count
}

private func widened(_ word: UInt16) -> Float {
    let sign = UInt32(word & 0x8000) << 16
    let exponent = UInt32(word >> 10 & 0x1F)
    let fraction = UInt32(word & 0x03FF)
    switch exponent {
    case 0:
        let magnitude = Float(fraction) * 0x1p-24
        return Float(bitPattern: sign | magnitude.bitPattern)
    case 31:
        let quiet: UInt32 = fraction == 0 ? 0 : 0x0040_0000
        return Float(bitPattern: sign | 0x7F80_0000 | quiet | fraction << 13)
    default:
        return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
}
