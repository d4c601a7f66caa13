/// Count sketch with one hash per block of 16 consecutive coordinates and row.
///
/// The upper hash bits give the cell where the block begins, the low 16 bits give 16 signs. A block
/// may begin at any cell: a scratch row has 16 cells more, which are folded back onto the row's
/// beginning. Two coordinates of different blocks share a cell with probability 1/columns, of the
/// same block never, so the variance bound ||g||^2/columns per row is that of the textbook sketch.
public final class BlockCountSketch {
    /// Rows and columns.
    public let shape: SketchShape
    private let row: UnsafeMutablePointer<Float>
    private let padded: UnsafeMutablePointer<Float>
    private let signs = SignTable()

    /// Allocates the scratch memory: nothing is allocated later.
    public init(shape: SketchShape) {
        self.shape = shape
        row = .allocate(capacity: shape.columns + 16)
        row.initialize(repeating: 0, count: shape.columns + 16)
        padded = .allocate(capacity: shape.rows * (shape.columns + 16))
        padded.initialize(repeating: 0, count: shape.rows * (shape.columns + 16))
    }

    deinit {
        row.deallocate()
        padded.deallocate()
    }

    /// Overwrites `table` (rows * columns cells) with the sketch of `values`.
    public func encode(
        _ values: UnsafeBufferPointer<Float>, seed: UInt64,
        into table: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(table.count == shape.cells, "table has another shape")
        guard let source = values.baseAddress, let target = table.baseAddress else {
            return table.update(repeating: 0)
        }
        for index in 0..<shape.rows {
            row.update(repeating: 0, count: shape.columns + 16)
            encodeRow(
                source, values.count, SketchHash.row(seed, index), row, shape.columns, signs.masks)
            for cell in 0..<16 { row[cell] += row[shape.columns + cell] }
            (target + index * shape.columns).update(from: row, count: shape.columns)
        }
    }

    /// Overwrites `estimates` with the median over rows of every coordinate's signed cell; with an
    /// even number of rows, the mean of the two in the middle.
    public func estimate(
        _ table: UnsafeBufferPointer<Float>, seed: UInt64,
        into estimates: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(table.count == shape.cells, "table has another shape")
        guard let source = table.baseAddress, let target = estimates.baseAddress else { return }
        let stride = shape.columns + 16
        for index in 0..<shape.rows {
            let row = padded + index * stride
            row.update(from: source + index * shape.columns, count: shape.columns)
            for cell in 0..<16 { row[shape.columns + cell] = row[cell] }
        }
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: shape.rows) { seeds in
            for index in 0..<shape.rows { seeds[index] = SketchHash.row(seed, index) }
            guard let first = seeds.baseAddress else { return }
            let rows = PaddedRows(
                cells: padded, stride: stride, seeds: first, count: shape.rows,
                columns: UInt64(shape.columns), masks: signs.masks)
            estimateAll(rows, target, estimates.count)
        }
    }

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

private func encodeRow(
    _ source: UnsafePointer<Float>, _ count: Int, _ rowSeed: UInt64,
    _ row: UnsafeMutablePointer<Float>, _ columns: Int,
    _ masks: UnsafeMutablePointer<SIMD8<UInt32>>
) {
    let columns = UInt64(columns)
    let blocks = count / 16
    for block in 0..<blocks {
        let hash = SketchHash.of(block, rowSeed: rowSeed)
        let cells = row + SketchHash.cell(hash, columns: columns)
        store16(load16(cells) + signed(load16(source + 16 * block), hash, masks), cells)
    }
    guard count % 16 > 0 else { return }
    var rest = SIMD16<Float>()
    for lane in 0..<(count % 16) { rest[lane] = source[16 * blocks + lane] }
    let hash = SketchHash.of(blocks, rowSeed: rowSeed)
    let cells = row + SketchHash.cell(hash, columns: columns)
    store16(load16(cells) + signed(rest, hash, masks), cells)
}
