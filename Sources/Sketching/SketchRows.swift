/// Rows of whole lines, their seeds, and the reference of what is done with them: written to be
/// read; the kernels are held against it bit for bit.
struct SketchRows {
    let cells: UnsafeMutablePointer<Float>
    /// Cells from row to row, 16 to a line.
    let stride: Int
    let seeds: UnsafeMutablePointer<UInt64>
    let count: Int
    let lines: UInt64

    /// Adds whole blocks into one row; `values` are those of the first block.
    func encode(_ values: UnsafePointer<Float>, _ blocks: Range<Int>, _ row: Int) {
        for block in blocks {
            let hash = SketchHash.of(block, rowSeed: seeds[row])
            let line = line(hash, row)
            for lane in 0..<16 {
                let value = values[16 * (block - blocks.lowerBound) + lane]
                line[lane ^ permutation(hash)] += hash >> lane & 1 == 0 ? value : -value
            }
        }
    }

    /// Median estimates of whole blocks, from `target` on; the usual numbers of rows have networks
    /// of their own.
    func estimate(_ blocks: Range<Int>, _ target: UnsafeMutablePointer<Float>) {
        withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: count) { found in
            for block in blocks {
                for row in 0..<count {
                    (found.baseAddress.map { $0 + row })?.initialize(to: estimates(row, block))
                }
                let middle = medianOfRows(found)
                for lane in 0..<16 {
                    target[16 * (block - blocks.lowerBound) + lane] = middle[lane]
                }
            }
        }
    }

    private func estimates(_ row: Int, _ block: Int) -> SIMD16<Float> {
        let hash = SketchHash.of(block, rowSeed: seeds[row])
        let line = line(hash, row)
        var lanes = SIMD16<Float>()
        for lane in 0..<16 {
            let cell = line[lane ^ permutation(hash)]
            lanes[lane] = hash >> lane & 1 == 0 ? cell : -cell
        }
        return lanes
    }

    private func line(_ hash: UInt64, _ row: Int) -> UnsafeMutablePointer<Float> {
        cells + row * stride + 16 * SketchHash.cell(hash, columns: lines)
    }

    private func permutation(_ hash: UInt64) -> Int { Int(hash >> 16 & 15) }
}

private func medianOfRows(_ rows: UnsafeMutableBufferPointer<SIMD16<Float>>) -> SIMD16<Float> {
    switch rows.count {
    case 1: rows[0]
    case 3: median3(rows[0], rows[1], rows[2])
    case 5: median5(rows[0], rows[1], rows[2], rows[3], rows[4])
    default: medianOfAny(rows)
    }
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
