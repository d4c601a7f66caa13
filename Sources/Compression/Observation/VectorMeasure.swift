/// Lengths and angles of vectors, summed in double precision.
public enum VectorMeasure {
    /// The Euclidean norm.
    public static func norm(_ vector: UnsafeBufferPointer<Float>) -> Double {
        product(vector, vector).squareRoot()
    }

    /// The cosine of the angle between two vectors of equal length; `nil` where one of them is zero
    /// or not finite.
    public static func cosine(
        _ first: UnsafeBufferPointer<Float>, _ second: UnsafeBufferPointer<Float>
    ) -> Double? {
        let length = norm(first) * norm(second)
        guard length > 0, length.isFinite else { return nil }
        return min(1, max(-1, product(first, second) / length))
    }

    /// The inner product of two vectors of equal length.
    static func product(
        _ first: UnsafeBufferPointer<Float>, _ second: UnsafeBufferPointer<Float>
    ) -> Double {
        precondition(first.count == second.count, "vectors of equal length")
        guard let left = UnsafeRawPointer(first.baseAddress),
            let right = UnsafeRawPointer(second.baseAddress)
        else { return 0 }
        var lanes = SIMD8<Double>()
        let blocks = first.count / 8
        for block in 0..<blocks {
            let offset = 32 &* block
            lanes +=
                SIMD8<Double>(left.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self))
                * SIMD8<Double>(right.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self))
        }
        var rest = 0.0
        for index in (8 * blocks)..<first.count {
            rest += Double(first[index]) * Double(second[index])
        }
        return lanes.sum() + rest
    }
}
