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
        return held.reduce(0) { sum, part in
            let floats = UnsafeBufferPointer(part.floats)
            return sum + VectorMeasure.product(floats, floats)
        }.squareRoot()
    }
}
