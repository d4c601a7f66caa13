/// Cuts a gradient into buckets in the order in which backward finishes them: weights from the last
/// layer to the first; the small parameters go with the last bucket.
struct BucketSchedule {
    /// Ranges of every bucket.
    let buckets: [[Range<Int>]]
    private var next = 0

    /// - Parameter words: words of a bucket at most; `nil` for one bucket of everything.
    init(_ layout: GradientLayout, words: Int?) {
        guard let words, layout.compressible > words else {
            buckets = [[0..<layout.count]]
            return
        }
        let count = (layout.compressible + words - 1) / words
        var cut = (0..<count).reversed().map { index in
            [index * layout.compressible / count..<(index + 1) * layout.compressible / count]
        }
        if layout.small > 0 { cut[count - 1].append(layout.smallRange) }
        buckets = cut
    }

    /// The next bucket, if all of it is among the weights from `offset` on.
    mutating func take(from offset: Int) -> [Range<Int>]? {
        guard next + 1 < buckets.count, let first = buckets[next].first,
            first.lowerBound >= offset
        else { return nil }
        return takeAny()
    }

    /// The next bucket, now that the whole gradient is final.
    mutating func takeAny() -> [Range<Int>]? {
        guard next < buckets.count else { return nil }
        next += 1
        return buckets[next - 1]
    }

    /// Begins anew with the next step.
    mutating func restart() { next = 0 }
}
