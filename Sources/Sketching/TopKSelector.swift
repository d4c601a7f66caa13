import CKernels
public import Kernels

/// Exact selection of the k largest magnitudes.
///
/// A sample of 1/32 of the values gives a bound that somewhat more than k values reach; one pass
/// gathers those, and two histograms over the 31 magnitude bits find the k-th among them. When the
/// sample misled, or the input is short, every value is a candidate: the result is always exact.
public final class TopKSelector {
    private let kernel: Kernel
    private let threads: Int
    private let histogram: MagnitudeHistogram
    private let found: UnsafeMutableBufferPointer<Int>
    private var positions: UnsafeMutableBufferPointer<UInt32>
    private var magnitudes: UnsafeMutableBufferPointer<UInt32>

    /// Allocates the histogram; the first selection allocates room for its candidates, and later
    /// ones nothing unless they need more. `capacity` is the longest input.
    public init(capacity: Int, kernel: Kernel = .best, threads: Int = 1) {
        precondition(capacity < Int(UInt32.max), "indices are 32 bits wide")
        self.kernel = kernel
        self.threads = max(1, threads)
        histogram = MagnitudeHistogram()
        found = .allocate(capacity: self.threads)
        found.initialize(repeating: 0)
        positions = .allocate(capacity: 0)
        magnitudes = .allocate(capacity: 0)
    }

    deinit {
        found.deallocate()
        positions.deallocate()
        magnitudes.deallocate()
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
        let bound = sampledBound(values, k)
        var count = gather(values, atLeast: bound, room: bound == 0 ? values.count : 2 * k + 4_096)
        if count.map({ $0 < k }) ?? true {
            count = gather(values, atLeast: 0, room: values.count)
        }
        let candidates = UnsafeBufferPointer(rebasing: magnitudes[0..<(count ?? 0)])
        let (threshold, above) = histogram.kth(candidates, k)
        keep(candidates, threshold, ties: k - above, into: indices)
        return Float(bitPattern: threshold)
    }

    private func reserve(_ count: Int) {
        guard positions.count < count else { return }
        positions.deallocate()
        magnitudes.deallocate()
        positions = .allocate(capacity: count)
        magnitudes = .allocate(capacity: count)
    }

    /// A magnitude that probably somewhat more than k values reach; 0 when all shall be gathered.
    private func sampledBound(_ values: UnsafeBufferPointer<Float>, _ k: Int) -> UInt32 {
        guard values.count >= 1 << 16, let first = values.baseAddress else { return 0 }
        let expected = Double(k) / 32
        let rank = Int(expected + 6 * expected.squareRoot()) + 16
        let groups = values.count / 512
        guard 2 * k < values.count, rank < groups * 16 else { return 0 }
        return histogram.coarseBound(rank: rank) { count in
            for group in 0..<groups {
                for lane in 0..<16 { count(magnitude(first[512 * group + lane])) }
            }
        }
    }

    /// Candidates in ascending order of their positions; nil when more than `room` lie in one
    /// thread's slice.
    private func gather(
        _ values: UnsafeBufferPointer<Float>, atLeast bound: UInt32, room: Int
    ) -> Int? {
        let each = min(room, values.count / threads + 1) + 16
        reserve(threads * each)
        guard let first = values.baseAddress, let positions = positions.baseAddress,
            let magnitudes = magnitudes.baseAddress
        else { return nil }
        inParts(threads, threads: threads) { part in
            let range = slice(part, of: threads, in: values.count)
            found[part] = kernel.gather(
                first + range.lowerBound, range.count, first: UInt32(range.lowerBound),
                atLeast: bound, positions + part * each, magnitudes + part * each, capacity: each)
        }
        var count = 0
        for part in 0..<threads {
            guard found[part] >= 0 else { return nil }
            (positions + count).update(from: positions + part * each, count: found[part])
            (magnitudes + count).update(from: magnitudes + part * each, count: found[part])
            count += found[part]
        }
        return count
    }

    private func keep(
        _ candidates: UnsafeBufferPointer<UInt32>, _ threshold: UInt32, ties: Int,
        into indices: UnsafeMutableBufferPointer<UInt32>
    ) {
        var ties = ties
        var next = 0
        for candidate in 0..<candidates.count where candidates[candidate] >= threshold {
            if candidates[candidate] == threshold {
                guard ties > 0 else { continue }
                ties -= 1
            }
            indices[next] = positions[candidate]
            next += 1
        }
    }
}

extension Kernel {
    /// Writes the positions, counted from `first`, and the magnitude bits of the values that reach
    /// `bound`, ascending.
    ///
    /// - Returns: how many; -1 when there might not be room.
    fileprivate func gather(
        _ values: UnsafePointer<Float>, _ count: Int, first: UInt32, atLeast bound: UInt32,
        _ positions: UnsafeMutablePointer<UInt32>, _ magnitudes: UnsafeMutablePointer<UInt32>,
        capacity: Int
    ) -> Int {
        if let loops {
            return loops.pointee.gather(
                values, count, first, bound, positions, magnitudes, capacity)
        }
        var found = 0
        for index in 0..<count where magnitude(values[index]) >= bound {
            guard found < capacity else { return -1 }
            positions[found] = first + UInt32(truncatingIfNeeded: index)
            magnitudes[found] = magnitude(values[index])
            found += 1
        }
        return found
    }
}

@inline(__always)
private func magnitude(_ value: Float) -> UInt32 { value.bitPattern & 0x7FFF_FFFF }
