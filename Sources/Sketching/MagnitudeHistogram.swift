/// Counts magnitudes by their upper 16 and then their lower 15 bits, to find the k-th largest.
final class MagnitudeHistogram {
    private let counts: UnsafeMutablePointer<UInt32>
    private static let bins = 1 << 16

    init() {
        counts = .allocate(capacity: Self.bins)
        counts.initialize(repeating: 0, count: Self.bins)
    }

    deinit {
        counts.deallocate()
    }

    /// The k-th largest of `magnitudes`, and how many are larger.
    func kth(_ magnitudes: UnsafeBufferPointer<UInt32>, _ k: Int) -> (UInt32, above: Int) {
        clear()
        for bits in magnitudes { counts[Int(truncatingIfNeeded: bits >> 15)] &+= 1 }
        var above = 0
        let high = UInt32(descend(k, &above))
        clear()
        for bits in magnitudes where bits >> 15 == high {
            counts[Int(truncatingIfNeeded: bits & 0x7FFF)] &+= 1
        }
        let low = UInt32(descend(k, &above))
        return (high << 15 | low, above)
    }

    /// The smallest magnitude of the coarse bin in which the value of this rank lies.
    @inline(__always)
    func coarseBound(rank: Int, of visit: ((UInt32) -> Void) -> Void) -> UInt32 {
        clear()
        visit { counts[Int(truncatingIfNeeded: $0 >> 15)] &+= 1 }
        var above = 0
        return UInt32(descend(rank, &above)) << 15
    }

    private func clear() {
        counts.update(repeating: 0, count: Self.bins)
    }

    /// Walks down from the largest bin to the one that holds the k-th; `above` counts what is
    /// larger than that bin.
    private func descend(_ k: Int, _ above: inout Int) -> Int {
        var bin = Self.bins - 1
        while above + Int(counts[bin]) < k {
            above += Int(counts[bin])
            bin -= 1
        }
        return bin
    }
}
