/// Count sketch as in the books (Charikar, Chen, Farach-Colton 2002): one hash per coordinate and
/// row. The reference that the block sketch is held against, and the baseline of its benchmark.
public final class TextbookCountSketch {
    /// Rows and columns.
    public let shape: SketchShape

    /// A sketch of this shape.
    public init(shape: SketchShape) {
        self.shape = shape
    }

    /// Overwrites `table` with the sketch of `values`.
    public func encode(
        _ values: UnsafeBufferPointer<Float>, seed: UInt64,
        into table: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(table.count == shape.cells, "table has another shape")
        table.update(repeating: 0)
        for row in 0..<shape.rows {
            let rowSeed = SketchHash.row(seed, row)
            for index in 0..<values.count {
                let hash = SketchHash.of(index, rowSeed: rowSeed)
                let cell =
                    row * shape.columns + SketchHash.cell(hash, columns: UInt64(shape.columns))
                table[cell] += hash & 1 == 0 ? values[index] : -values[index]
            }
        }
    }

    /// Overwrites `estimates` with the median over rows of every coordinate's signed cell.
    public func estimate(
        _ table: UnsafeBufferPointer<Float>, seed: UInt64,
        into estimates: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(table.count == shape.cells, "table has another shape")
        var row = [Float](repeating: 0, count: shape.rows)
        let seeds = (0..<shape.rows).map { SketchHash.row(seed, $0) }
        for index in 0..<estimates.count {
            for number in 0..<shape.rows {
                let hash = SketchHash.of(index, rowSeed: seeds[number])
                let cell =
                    number * shape.columns + SketchHash.cell(hash, columns: UInt64(shape.columns))
                row[number] = hash & 1 == 0 ? table[cell] : -table[cell]
            }
            row.sort()
            estimates[index] = (row[(shape.rows - 1) / 2] + row[shape.rows / 2]) / 2
        }
    }
}
