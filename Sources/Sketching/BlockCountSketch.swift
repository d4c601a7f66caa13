import CKernels
public import Kernels

/// Count sketch with one hash per block of 16 consecutive coordinates and row.
///
/// A row is lines of 16 cells. The upper 32 bits of the hash choose a line, bits 16...19 a
/// permutation (lane i meets cell i XOR those bits), the low 16 bits give 16 signs. Two coordinates
/// of different blocks share a cell with probability 1/columns, of the same block never, so the
/// variance bound ||g||^2/columns per row is that of the textbook sketch. When 16 does not divide
/// the columns, what exceeds them in the last line is folded onto the row's beginning.
///
/// The bits depend neither on the kernel nor on the number of threads: each row is one thread's.
public final class BlockCountSketch {
    /// Rows and columns.
    public let shape: SketchShape
    private let lines: Int
    private let threads: Int
    private let loops: UnsafePointer<peerless_kernels>?
    private let scratch: AlignedFloats
    private let seeds: UnsafeMutablePointer<UInt64>

    /// Allocates the scratch memory: nothing is allocated later, but what starting threads takes.
    public init(shape: SketchShape, kernel: Kernel = .best, threads: Int = 1) {
        self.shape = shape
        self.threads = threads
        lines = (shape.columns + 15) / 16
        loops = kernel.loops
        scratch = AlignedFloats(count: shape.rows * 16 * lines, hugePages: true)
        seeds = .allocate(capacity: shape.rows)
        seeds.initialize(repeating: 0, count: shape.rows)
    }

    deinit {
        seeds.deallocate()
    }

    /// Overwrites `table` (rows * columns cells) with the sketch of `values`.
    public func encode(
        _ values: UnsafeBufferPointer<Float>, seed: UInt64,
        into table: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(table.count == shape.cells, "table has another shape")
        guard let source = values.baseAddress, let target = table.baseAddress,
            let rows = rows(seed)
        else { return table.update(repeating: 0) }
        let parts = min(threads, shape.rows)
        inParts(parts, threads: threads) { part in
            let range = slice(part, of: parts, in: rows.count)
            encode(source, values.count, rows, range)
            for row in range { fold(rows.cells + row * rows.stride, target + row * shape.columns) }
        }
    }

    /// Overwrites `estimates` with the median over rows of every coordinate's signed cell; with an
    /// even number of rows, the mean of the two in the middle.
    public func estimate(
        _ table: UnsafeBufferPointer<Float>, seed: UInt64,
        into estimates: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(table.count == shape.cells, "table has another shape")
        guard let source = table.baseAddress, let target = estimates.baseAddress,
            let rows = rows(seed)
        else { return }
        for row in 0..<shape.rows {
            unfold(source + row * shape.columns, rows.cells + row * rows.stride)
        }
        let whole = estimates.count / 16
        inParts(threads, threads: threads) { part in
            let blocks = slice(part, of: threads, in: whole)
            estimate(rows, blocks, target + 16 * blocks.lowerBound)
        }
        guard estimates.count % 16 > 0 else { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) { rest in
            guard let first = rest.baseAddress else { return }
            estimate(rows, whole..<whole + 1, first)
            (target + 16 * whole).update(from: first, count: estimates.count % 16)
        }
    }

    private func rows(_ seed: UInt64) -> SketchRows? {
        for row in 0..<shape.rows { seeds[row] = SketchHash.row(seed, row) }
        return scratch.floats.baseAddress.map {
            SketchRows(
                cells: $0, stride: 16 * lines, seeds: seeds, count: shape.rows,
                lines: UInt64(lines))
        }
    }

    /// Slices of 128 KiB of values stay in the core's cache from row to row.
    private func encode(
        _ source: UnsafePointer<Float>, _ count: Int, _ rows: SketchRows, _ range: Range<Int>
    ) {
        (rows.cells + range.lowerBound * rows.stride)
            .update(repeating: 0, count: range.count * rows.stride)
        let whole = count / 16
        for first in stride(from: 0, to: whole, by: 2_048) {
            let blocks = first..<min(whole, first + 2_048)
            for row in range { encode(source + 16 * first, blocks, rows, row) }
        }
        guard count % 16 > 0 else { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) { rest in
            guard let first = rest.baseAddress else { return }
            first.initialize(repeating: 0, count: 16)
            first.update(from: source + 16 * whole, count: count % 16)
            for row in range { encode(first, whole..<whole + 1, rows, row) }
        }
    }

    /// Rows of more than 1 MiB lie in a far cache.
    private func encode(
        _ values: UnsafePointer<Float>, _ blocks: Range<Int>, _ rows: SketchRows, _ row: Int
    ) {
        guard let loops else { return rows.encode(values, blocks, row) }
        let seed = SketchHash.seed(ofBlock: blocks.lowerBound, rowSeed: seeds[row])
        let cells = rows.cells + row * rows.stride
        if rows.stride <= 1 << 18 {
            loops.pointee.encode_row(values, blocks.count, seed, cells, rows.lines)
        } else {
            loops.pointee.encode_far_row(values, blocks.count, seed, cells, rows.lines)
        }
    }

    private func estimate(
        _ rows: SketchRows, _ blocks: Range<Int>, _ target: UnsafeMutablePointer<Float>
    ) {
        guard let loops else { return rows.estimate(blocks, target) }
        loops.pointee.estimate(
            rows.cells, rows.stride, seeds, rows.count, rows.lines, blocks.lowerBound,
            blocks.count, target)
    }

    private func fold(_ row: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
        for cell in shape.columns..<16 * lines { row[cell - shape.columns] += row[cell] }
        target.update(from: row, count: shape.columns)
    }

    private func unfold(_ source: UnsafePointer<Float>, _ row: UnsafeMutablePointer<Float>) {
        row.update(from: source, count: shape.columns)
        for cell in shape.columns..<16 * lines { row[cell] = row[cell - shape.columns] }
    }
}
