public import Collectives
import Sketching

/// The baseline: the whole gradient is summed and divided by the number of workers, bucket by bucket
/// as backward finishes them where the caller tells, in 32 or 16 bits a word.
///
/// Buckets give the same bits as the whole, unless they are so short that they are cut into finer
/// pieces (`allReduceParts`). What 16-bit words lose is kept as a residual and added
/// to the next gradient (error feedback), on workers and server alike.
public final class DenseExchange: ExchangeMethod {
    public let carriesMomentum = false
    private let layout: GradientLayout
    private let format: WireFormat
    private let lost: WorkBuffer?
    private var schedule: BucketSchedule
    private lazy var sum = WorkBuffer(count: layout.count)

    /// A dense exchange of a gradient of this layout.
    ///
    /// - Parameter bucketWords: words of one all-reduce at most; `nil` for all at once.
    public init(
        layout: GradientLayout, format: WireFormat = .float32, bucketWords: Int? = nil
    ) {
        self.layout = layout
        self.format = format
        lost = format == .float32 ? nil : WorkBuffer(count: layout.count)
        schedule = BucketSchedule(layout, words: bucketWords)
    }

    public var residual: UnsafeBufferPointer<Float>? {
        lost.map { UnsafeBufferPointer($0.floats) }
    }

    public var state: [StatePart] {
        lost.map { [StatePart(name: StatePart.rounding, floats: $0.floats)] } ?? []
    }

    public var anatomy: MethodAnatomy { MethodAnatomy(merge: .adds(format)) }

    public func gradientIsFinal(
        from offset: Int, _ gradient: UnsafeMutableBufferPointer<Float>, step: Int,
        over collective: any Collective
    ) throws(CollectiveError) {
        while let bucket = schedule.take(from: offset) {
            try begin(bucket, gradient, collective)
        }
    }

    public func exchange(
        _ gradient: UnsafeMutableBufferPointer<Float>, step: Int, over collective: any Collective,
        phases: any PhaseRecorder
    ) throws(CollectiveError) {
        while let bucket = schedule.takeAny() {
            phases.enter(.encode)
            try begin(bucket, gradient, collective)
        }
        try collective.finish()
        phases.enter(.decode)
        scale(gradient, by: 1 / Float(collective.worldSize))
        schedule.restart()
    }

    public func serve(
        step: Int, over collective: any Collective, phases: any PhaseRecorder
    ) throws(CollectiveError) {
        while let bucket = schedule.takeAny() { try reduce(bucket, sum.floats, collective) }
        try collective.finish()
        schedule.restart()
    }

    /// Takes the residual along and starts the sum of one bucket.
    private func begin(
        _ bucket: Int, _ gradient: UnsafeMutableBufferPointer<Float>, _ collective: any Collective
    ) throws(CollectiveError) {
        for range in ranges(bucket) {
            let part = UnsafeMutableBufferPointer(rebasing: gradient[range])
            guard allFinite(UnsafeBufferPointer(part)) else { throw .notFinite("the gradient") }
            guard let held = lost?[range] else { continue }
            add(held, to: part)
            held.update(repeating: 0)
        }
        try reduce(bucket, gradient, collective)
    }

    private func reduce(
        _ bucket: Int, _ words: UnsafeMutableBufferPointer<Float>, _ collective: any Collective
    ) throws(CollectiveError) {
        try collective.begin(
            .allReduceParts(
                ranges(bucket), of: layout.count,
                pieceWords: schedule.pieceWords(
                    layout.compressible, worldSize: collective.worldSize)),
            Transfer(words, as: format, residual: lost?.floats))
    }

    /// A bucket's words; the small parameters go with the last one.
    private func ranges(_ bucket: Int) -> [Range<Int>] {
        let weights = schedule.buckets[bucket]
        guard bucket == schedule.last else { return [weights] }
        guard weights.upperBound < layout.compressible else {
            return [weights.lowerBound..<layout.count]
        }
        return [weights, layout.smallRange]
    }
}
