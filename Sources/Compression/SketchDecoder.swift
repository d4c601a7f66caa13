import Sketching

/// Encodes, decodes and selects with one set of scratch buffers.
final class SketchDecoder {
    private let sketch: BlockCountSketch
    private let selector: TopKSelector
    private let estimates: WorkBuffer
    private let order: WorkBuffer

    init(shape: SketchShape, coordinates: Int) {
        sketch = BlockCountSketch(shape: shape)
        selector = TopKSelector(capacity: coordinates)
        estimates = WorkBuffer(count: coordinates)
        order = WorkBuffer(count: coordinates)
    }

    func encode(
        _ values: UnsafeMutableBufferPointer<Float>, seed: UInt64,
        into table: UnsafeMutableBufferPointer<Float>
    ) {
        sketch.encode(UnsafeBufferPointer(values), seed: seed, into: table)
    }

    /// The coordinates with the largest estimates, indices ascending, and the estimates.
    func choose(
        from table: UnsafeMutableBufferPointer<Float>, seed: UInt64,
        indices: UnsafeMutableBufferPointer<UInt32>, values: UnsafeMutableBufferPointer<Float>
    ) {
        sketch.estimate(UnsafeBufferPointer(table), seed: seed, into: estimates.floats)
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
}
