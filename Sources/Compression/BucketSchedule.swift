/// Cuts a gradient's weights into buckets in the order in which backward finishes them, from the
/// last layer to the first, and hands them out once a step.
struct BucketSchedule {
    /// Weights of every bucket, in that order.
    let buckets: [Range<Int>]
    private var next = 0

    /// - Parameter words: words of a bucket at most; `nil` for one bucket of everything.
    init(_ layout: GradientLayout, words: Int?) {
        let weights = layout.compressible
        let count = words.map { max(1, (weights + $0 - 1) / $0) } ?? 1
        buckets = (0..<count).reversed().map { index in
            (index * weights / count)..<((index + 1) * weights / count)
        }
    }

    /// The bucket with which everything that is not a weight goes along.
    var last: Int { buckets.count - 1 }

    /// Longest piece of `words` in all buckets together that leaves each bucket some for every rank.
    func pieceWords(_ words: Int, worldSize: Int) -> Int {
        buckets.count == 1 ? .max : max(1, words / (buckets.count * worldSize))
    }

    /// Number of the next bucket, if all of it is among the weights from `offset` on. The last one
    /// waits for the whole gradient.
    mutating func take(from offset: Int) -> Int? {
        guard next < last, buckets[next].lowerBound >= offset else { return nil }
        return takeAny()
    }

    /// Number of the next bucket, now that the whole gradient is final.
    mutating func takeAny() -> Int? {
        guard next < buckets.count else { return nil }
        next += 1
        return next - 1
    }

    /// Begins anew with the next step.
    mutating func restart() { next = 0 }
}
