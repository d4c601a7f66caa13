/// Eight floats at an address of any alignment.
@inline(__always)
func load8(_ address: ConstFloats) -> SIMD8<Float> {
    UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Float>.self)
}

/// Writes eight floats at an address of any alignment.
@inline(__always)
func store8(_ value: SIMD8<Float>, _ address: Floats) {
    UnsafeMutableRawPointer(address).storeBytes(of: value, as: SIMD8<Float>.self)
}

/// `to = from`; for the short lines of an image, where a library call costs more than the copy.
@inline(__always)
func copyLine(_ from: ConstFloats, _ to: Floats, _ count: Int) {
    var index = 0
    while index + 8 <= count {
        store8(load8(from + index), to + index)
        index += 8
    }
    while index < count {
        to[index] = from[index]
        index += 1
    }
}

/// `to += from`.
@inline(__always)
func addLine(_ from: ConstFloats, _ to: Floats, _ count: Int) {
    var index = 0
    while index + 8 <= count {
        store8(load8(to + index) + load8(from + index), to + index)
        index += 8
    }
    while index < count {
        to[index] += from[index]
        index += 1
    }
}

/// Sum of a line, in the same order every time.
@inline(__always)
func sumLine(_ from: ConstFloats, _ count: Int) -> Float {
    var lanes = SIMD8<Float>()
    var index = 0
    while index + 8 <= count {
        lanes += load8(from + index)
        index += 8
    }
    var rest: Float = 0
    while index < count {
        rest += from[index]
        index += 1
    }
    return lanes.sum() + rest
}

/// `gradient = 0` where `output` is not positive: backward through a rectifier.
@inline(__always)
func maskLine(_ output: ConstFloats, _ gradient: Floats, _ count: Int) {
    let zero = SIMD8<Float>()
    for block in 0..<(count / 8) {
        let passes = load8(output + 8 * block) .> zero
        store8(
            zero.replacing(with: load8(gradient + 8 * block), where: passes), gradient + 8 * block)
    }
    for index in (count / 8 * 8)..<count where !(output[index] > 0) { gradient[index] = 0 }
}

/// `to = max(to + from, 0)`.
@inline(__always)
func addRectified(_ from: ConstFloats, _ to: Floats, _ count: Int) {
    let zero = SIMD8<Float>()
    for block in 0..<(count / 8) {
        let sum = load8(to + 8 * block) + load8(from + 8 * block)
        store8(sum.replacing(with: zero, where: sum .< zero), to + 8 * block)
    }
    for index in (count / 8 * 8)..<count { to[index] = max(to[index] + from[index], 0) }
}

/// `to = max(to, 0)`.
@inline(__always)
func rectify(_ to: Floats, _ count: Int) {
    let zero = SIMD8<Float>()
    for block in 0..<(count / 8) {
        let value = load8(to + 8 * block)
        store8(value.replacing(with: zero, where: value .< zero), to + 8 * block)
    }
    for index in (count / 8 * 8)..<count { to[index] = max(to[index], 0) }
}
