/// Exact selection of the k largest magnitudes: two histogram passes over the 31 magnitude bits
/// find the k-th, a third pass gathers.
public final class TopKSelector {
    private let high: UnsafeMutablePointer<UInt32>
    private let low: UnsafeMutablePointer<UInt32>
    private static let bins = 1 << 16

    /// Allocates the histograms; `capacity` is the longest input, for the record of its owner.
    public init(capacity: Int) {
        precondition(capacity < Int(UInt32.max), "indices are 32 bits wide")
        high = .allocate(capacity: Self.bins)
        low = .allocate(capacity: Self.bins)
    }

    deinit {
        high.deallocate()
        low.deallocate()
    }

    /// Writes the indices of the k largest magnitudes in ascending order; ties go to the lower
    /// index. NaN counts as larger than infinity.
    ///
    /// - Returns: the k-th largest magnitude.
    public func select(
        _ values: UnsafeBufferPointer<Float>, k: Int,
        into indices: UnsafeMutableBufferPointer<UInt32>
    ) -> Float {
        precondition(k <= values.count && k <= indices.count, "fewer values than asked for")
        guard k > 0 else { return .infinity }
        high.update(repeating: 0, count: Self.bins)
        for index in 0..<values.count {
            high[Int(truncatingIfNeeded: magnitude(values[index]) >> 15)] &+= 1
        }
        var above = 0
        let top = descend(high, k, &above)
        low.update(repeating: 0, count: Self.bins)
        for index in 0..<values.count {
            let bits = magnitude(values[index])
            if bits >> 15 == UInt32(top) { low[Int(truncatingIfNeeded: bits & 0x7FFF)] &+= 1 }
        }
        let threshold = UInt32(top) << 15 | UInt32(descend(low, k, &above))
        gather(values, threshold, ties: k - above, into: indices)
        return Float(bitPattern: threshold)
    }

    /// Walks down from the largest bin to the one that holds the k-th; `above` counts what is
    /// larger than that bin.
    private func descend(
        _ counts: UnsafeMutablePointer<UInt32>, _ k: Int, _ above: inout Int
    ) -> Int {
        var bin = Self.bins - 1
        while above + Int(counts[bin]) < k {
            above += Int(counts[bin])
            bin -= 1
        }
        return bin
    }

    private func gather(
        _ values: UnsafeBufferPointer<Float>, _ threshold: UInt32, ties: Int,
        into indices: UnsafeMutableBufferPointer<UInt32>
    ) {
        var ties = ties
        var next = 0
        for index in 0..<values.count {
            let bits = magnitude(values[index])
            guard bits >= threshold else { continue }
            if bits == threshold {
                guard ties > 0 else { continue }
                ties -= 1
            }
            indices[next] = UInt32(truncatingIfNeeded: index)
            next += 1
        }
    }
}

@inline(__always)
private func magnitude(_ value: Float) -> UInt32 { value.bitPattern & 0x7FFF_FFFF }
