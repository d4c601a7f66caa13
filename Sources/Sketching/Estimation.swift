/// Rows with 16 cells of their beginning repeated at their end, and their seeds.
struct PaddedRows {
    let cells: UnsafeMutablePointer<Float>
    let stride: Int
    let seeds: UnsafeMutablePointer<UInt64>
    let count: Int
    let columns: UInt64
    let masks: UnsafeMutablePointer<SIMD8<UInt32>>

    /// One row's estimates of a block.
    @inline(__always)
    func estimates(_ row: Int, _ block: Int) -> SIMD16<Float> {
        let hash = SketchHash.of(block, rowSeed: seeds[row])
        let address = cells + row * stride + SketchHash.cell(hash, columns: columns)
        return signed(load16(address), hash, masks)
    }
}

/// Median estimates of all coordinates; the usual numbers of rows have networks of their own.
func estimateAll(_ rows: PaddedRows, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
    switch rows.count {
    case 1: eachBlock(target, count) { rows.estimates(0, $0) }
    case 3:
        eachBlock(target, count) {
            median3(rows.estimates(0, $0), rows.estimates(1, $0), rows.estimates(2, $0))
        }
    case 5:
        eachBlock(target, count) {
            median5(
                rows.estimates(0, $0), rows.estimates(1, $0), rows.estimates(2, $0),
                rows.estimates(3, $0), rows.estimates(4, $0))
        }
    default:
        withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: rows.count) { scratch in
            eachBlock(target, count) { block in
                for row in 0..<rows.count { scratch[row] = rows.estimates(row, block) }
                return medianOfAny(scratch)
            }
        }
    }
}

@inline(__always)
private func eachBlock(
    _ target: UnsafeMutablePointer<Float>, _ count: Int, _ median: (Int) -> SIMD16<Float>
) {
    let blocks = count / 16
    for block in 0..<blocks { store16(median(block), target + 16 * block) }
    guard count % 16 > 0 else { return }
    let rest = median(blocks)
    for lane in 0..<(count % 16) { target[16 * blocks + lane] = rest[lane] }
}

@inline(__always)
private func smaller(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
    a.replacing(with: b, where: b .< a)
}

@inline(__always)
private func larger(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
    b.replacing(with: a, where: b .< a)
}

@inline(__always)
private func median3(_ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>) -> SIMD16<Float> {
    larger(smaller(a, b), smaller(larger(a, b), c))
}

/// The median of five is the median of three: e, the larger of the two lower ones and the smaller
/// of the two higher ones of (a, b) and (c, d).
@inline(__always)
private func median5(
    _ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>, _ d: SIMD16<Float>,
    _ e: SIMD16<Float>
) -> SIMD16<Float> {
    let low = larger(smaller(a, b), smaller(c, d))
    let high = smaller(larger(a, b), larger(c, d))
    return median3(e, low, high)
}

/// Odd-even transposition over the rows, lane by lane; then the middle, or the mean of two.
private func medianOfAny(_ rows: UnsafeMutableBufferPointer<SIMD16<Float>>) -> SIMD16<Float> {
    for round in 0..<rows.count {
        for index in stride(from: round & 1, to: rows.count - 1, by: 2) {
            let (a, b) = (rows[index], rows[index + 1])
            rows[index] = smaller(a, b)
            rows[index + 1] = larger(a, b)
        }
    }
    return (rows[(rows.count - 1) / 2] + rows[rows.count / 2]) * 0.5
}
