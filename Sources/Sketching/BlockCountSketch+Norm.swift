extension BlockCountSketch {
    /// Euclidean norm of the sketched vector: root of the median row's sum of squares; relative
    /// error about sqrt(2/columns) per row.
    public static func norm(_ table: UnsafeBufferPointer<Float>, shape: SketchShape) -> Float {
        let sums = (0..<shape.rows).map { row in
            (0..<shape.columns).reduce(into: Double(0)) { sum, column in
                let cell = Double(table[row * shape.columns + column])
                sum += cell * cell
            }
        }.sorted()
        let middle = (sums[(shape.rows - 1) / 2] + sums[shape.rows / 2]) / 2
        return Float(middle.squareRoot())
    }
}
