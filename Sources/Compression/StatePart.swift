/// Floats that a method carries from one step to the next, under a name that does not change.
public struct StatePart {
    /// What was not sent yet: error feedback.
    public static let residual = "residual"
    /// Momentum that is accumulated before selection.
    public static let velocity = "velocity"
    /// What 16-bit words took away and the next step gives back.
    public static let rounding = "rounding"

    /// One of the names above; no method has two parts of one name.
    public let name: String
    /// The method's own memory, to be read and written between steps; valid while the method lives.
    public let floats: UnsafeMutableBufferPointer<Float>

    /// Memberwise.
    public init(name: String, floats: UnsafeMutableBufferPointer<Float>) {
        self.name = name
        self.floats = floats
    }
}

extension ExchangeMethod {
    /// L2 norm of all that is held back from the updates, momentum apart; `nil` for a method that
    /// holds nothing back.
    public var residualNorm: Double? {
        let held = state.filter { $0.name != StatePart.velocity }
        guard !held.isEmpty else { return nil }
        return held.reduce(0) { $0 + squareSum($1.floats) }.squareRoot()
    }
}

/// The sum of squares, in double precision.
private func squareSum(_ values: UnsafeMutableBufferPointer<Float>) -> Double {
    guard let source = UnsafeRawPointer(values.baseAddress) else { return 0 }
    var lanes = SIMD8<Double>()
    let blocks = values.count / 8
    for block in 0..<blocks {
        let words = source.loadUnaligned(fromByteOffset: 32 &* block, as: SIMD8<Float>.self)
        let wide = SIMD8<Double>(words)
        lanes += wide * wide
    }
    var rest = 0.0
    for value in values[(8 * blocks)...] { rest += Double(value) * Double(value) }
    return lanes.sum() + rest
}
