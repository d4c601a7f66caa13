import Sketching

/// Merges two sparse vectors of k entries, indices ascending, into the k largest of their sum.
final class SparseMerger {
    private let k: Int
    private let unionIndices: WorkBuffer
    private let unionValues: WorkBuffer
    private let chosen: WorkBuffer
    private let selector: TopKSelector

    init(k: Int) {
        self.k = k
        unionIndices = WorkBuffer(count: 2 * k)
        unionValues = WorkBuffer(count: 2 * k)
        chosen = WorkBuffer(count: k)
        selector = TopKSelector(capacity: 2 * k)
    }

    /// Merges `payload` (k indices, k values, little-endian words) into `indices` and `values`;
    /// ties by index; tells `cut` every entry of the union that is left out.
    func merge(
        indices: UnsafeMutableBufferPointer<UInt32>, values: UnsafeMutableBufferPointer<Float>,
        with payload: UnsafeRawBufferPointer, cut: (UInt32, Float) -> Void
    ) {
        let count = unite(indices, values, payload)
        let union = unionIndices.indices(0..<(2 * k))
        let sums = unionValues[0..<count]
        let kept = chosen.indices(0..<k)
        _ = selector.select(UnsafeBufferPointer(sums), k: k, into: kept)
        var next = 0
        for position in 0..<count {
            if next < k, Int(kept[next]) == position {
                indices[next] = union[position]
                values[next] = sums[position]
                next += 1
            } else {
                cut(union[position], sums[position])
            }
        }
    }

    /// Writes the ordered union with equal indices added; its length, k to 2k.
    private func unite(
        _ indices: UnsafeMutableBufferPointer<UInt32>, _ values: UnsafeMutableBufferPointer<Float>,
        _ payload: UnsafeRawBufferPointer
    ) -> Int {
        let union = unionIndices.indices(0..<(2 * k))
        let sums = unionValues.floats
        func theirIndex(_ position: Int) -> UInt32 {
            payload.loadUnaligned(fromByteOffset: 4 * position, as: UInt32.self)
        }
        func theirValue(_ position: Int) -> Float {
            payload.loadUnaligned(fromByteOffset: 4 * (k + position), as: Float.self)
        }
        var mine = 0
        var theirs = 0
        var count = 0
        while mine < k || theirs < k {
            let left = mine < k ? UInt64(indices[mine]) : .max
            let right = theirs < k ? UInt64(theirIndex(theirs)) : .max
            union[count] = UInt32(truncatingIfNeeded: min(left, right))
            sums[count] = 0
            if left <= right {
                sums[count] += values[mine]
                mine += 1
            }
            if right <= left {
                sums[count] += theirValue(theirs)
                theirs += 1
            }
            count += 1
        }
        return count
    }
}
