import Sketching

/// Encodes, decodes and selects with one set of scratch buffers: a sketch of the whole gradient, or
/// one of each bucket, which shares the columns by its size.
final class SketchDecoder {
    private struct Part {
        let weights: Range<Int>
        let cells: Range<Int>
        let sketch: BlockCountSketch
    }

    /// Cells of all tables.
    let cellCount: Int
    private let parts: [Part]
    private let selector: TopKSelector
    private let estimates: WorkBuffer
    private let order: WorkBuffer

    /// - Parameters:
    ///   - buckets: the weights of each, in the order in which their cells follow each other.
    ///   - kept: coordinates of an update.
    init(shape: SketchShape, buckets: [Range<Int>], kept: Int) {
        let coordinates = buckets.reduce(0) { $0 + $1.count }
        var parts: [Part] = []
        var end = 0
        for weights in buckets {
            let columns = max(16, shape.columns * weights.count / max(1, coordinates))
            let own = SketchShape(rows: shape.rows, columns: columns)
            parts.append(
                Part(
                    weights: weights, cells: end..<(end + own.cells),
                    sketch: BlockCountSketch(shape: own)))
            end += own.cells
        }
        self.parts = parts
        cellCount = end
        selector = TopKSelector(capacity: coordinates)
        estimates = WorkBuffer(count: coordinates)
        order = WorkBuffer(count: kept)
    }

    /// A bucket's cells in the table.
    func cells(of bucket: Int) -> Range<Int> { parts[bucket].cells }

    /// Overwrites a bucket's cells with the sketch of its weights.
    func encode(
        _ bucket: Int, of values: UnsafeMutableBufferPointer<Float>, seed: UInt64,
        into table: UnsafeMutableBufferPointer<Float>
    ) {
        let part = parts[bucket]
        part.sketch.encode(
            UnsafeBufferPointer(rebasing: values[part.weights]), seed: self.seed(seed, bucket),
            into: UnsafeMutableBufferPointer(rebasing: table[part.cells]))
    }

    /// The coordinates with the largest estimates, indices ascending, and the estimates.
    func choose(
        from table: UnsafeMutableBufferPointer<Float>, seed: UInt64,
        indices: UnsafeMutableBufferPointer<UInt32>, values: UnsafeMutableBufferPointer<Float>
    ) {
        for (bucket, part) in parts.enumerated() {
            part.sketch.estimate(
                UnsafeBufferPointer(rebasing: table[part.cells]), seed: self.seed(seed, bucket),
                into: estimates[part.weights])
        }
        _ = selector.select(
            UnsafeBufferPointer(estimates.floats), k: indices.count, into: indices)
        for position in 0..<indices.count {
            values[position] = estimates.floats[Int(indices[position])]
        }
    }

    /// Moves the largest candidate values into the update.
    func keep(_ message: SparseMessage) {
        let kept = order.indices(0..<message.indices.count)
        _ = selector.select(
            UnsafeBufferPointer(message.candidateValues), k: kept.count, into: kept)
        for position in 0..<kept.count {
            message.indices[position] = message.candidates[Int(kept[position])]
            message.values[position] = message.candidateValues[Int(kept[position])]
        }
    }

    /// Buckets hash independently of each other.
    private func seed(_ step: UInt64, _ bucket: Int) -> UInt64 {
        bucket == 0 ? step : SketchHash.seed(run: step, step: UInt64(bucket))
    }
}
