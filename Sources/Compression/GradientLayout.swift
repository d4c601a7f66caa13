/// How a gradient divides: `[0, compressible)` are weights, the rest is too small to be worth
/// compressing (biases, batch-norm) and goes along as it is.
public struct GradientLayout: Equatable, Sendable {
    /// All parameters, d.
    public let count: Int
    /// Parameters that methods compress.
    public let compressible: Int

    /// `0 <= compressible <= count`.
    public init(count: Int, compressible: Int) {
        precondition((0...count).contains(compressible), "more to compress than there is")
        self.count = count
        self.compressible = compressible
    }

    /// Parameters that go along uncompressed.
    public var small: Int { count - compressible }
    /// Where they are.
    public var smallRange: Range<Int> { compressible..<count }
}
