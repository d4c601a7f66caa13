public import Collectives
import Sketching

/// Count-Sketch of the whole gradient with error feedback.
///
/// On a star this is Sketched-SGD (arXiv:1903.04488, practical algorithm); on a tree it is our
/// gs-SGD variant: a reconstruction from the abstract of arXiv:2108.06004, whose body we could not
/// read, with Sketched-SGD's second round. Ring and halving-doubling all-reduce the table, decode
/// everywhere and put no index on the wire.
///
/// With buckets each part of the gradient has a table of its own, so that a bucket's table can be
/// summed while backward computes the rest; candidates are chosen among all estimates together.
public final class SketchExchange: ExchangeMethod {
    public let carriesMomentum: Bool
    private let layout: GradientLayout
    private let options: SketchExchangeOptions
    private let accumulator: Accumulator?
    private let decoder: SketchDecoder
    private let table: WorkBuffer
    private let message: SparseMessage
    private let loss: RoundingLoss?
    private var schedule: BucketSchedule

    /// - Parameter isServer: a dedicated server holds no residual.
    /// - Throws: `MethodError` when k does not fit the model.
    public init(
        layout: GradientLayout, options: SketchExchangeOptions, isServer: Bool
    ) throws(MethodError) {
        try checkedCount(options.k, of: layout)
        self.layout = layout
        self.options = options
        carriesMomentum = options.momentum > 0
        accumulator =
            isServer
            ? nil
            : Accumulator(layout: layout, momentum: options.momentum, masking: options.masking)
        let candidates = min(layout.compressible, options.k * max(1, options.candidates))
        let isExact = options.values == .exact
        let kept = isExact && options.appliesAll ? candidates : options.k
        schedule = BucketSchedule(layout, words: options.bucketWords)
        decoder = SketchDecoder(shape: options.shape, buckets: schedule.buckets, kept: kept)
        table = WorkBuffer(count: decoder.cellCount + layout.small)
        message = SparseMessage(
            candidates: isExact ? candidates : options.k, kept: kept, small: layout.small)
        loss =
            isServer
            ? nil
            : RoundingLoss(
                options.format, cells: decoder.cellCount, small: layout.small,
                candidates: message.candidates.count)
    }

    public var residual: UnsafeBufferPointer<Float>? {
        accumulator.map { UnsafeBufferPointer($0.weights) }
    }

    public var state: [StatePart] {
        (accumulator?.state ?? []) + (loss.map { [$0.state] } ?? [])
    }

    public var anatomy: MethodAnatomy {
        MethodAnatomy(k: options.k, sketch: options.shape, merge: .adds(options.format))
    }

    public func contribution(
        of gradient: UnsafeMutableBufferPointer<Float>, in range: Range<Int>,
        to target: UnsafeMutableBufferPointer<Float>
    ) {
        accumulator?.preview(gradient, in: range, to: target)
    }

    /// The first cells of the table.
    public func message(
        of contribution: UnsafeMutableBufferPointer<Float>, step: Int,
        into words: UnsafeMutableBufferPointer<Float>
    ) {
        let table = WorkBuffer(count: decoder.cellCount)
        for bucket in schedule.buckets.indices {
            decoder.encode(bucket, of: contribution, seed: seed(step), into: table.floats)
        }
        words.update(repeating: 0)
        let count = min(words.count, table.count)
        withExtendedLifetime(table) {
            copy(table[0..<count], to: UnsafeMutableBufferPointer(rebasing: words[0..<count]))
        }
    }

    private var cells: UnsafeMutableBufferPointer<Float> { table[0..<decoder.cellCount] }
    private var small: UnsafeMutableBufferPointer<Float> { table[decoder.cellCount..<table.count] }

    private var valueTransfer: Transfer {
        Transfer(message.candidateValues, as: options.format, residual: loss?.ofValues)
    }

    private func seed(_ step: Int) -> UInt64 {
        SketchHash.seed(run: options.seed, step: options.reseedsEveryStep ? UInt64(step) : 0)
    }

    /// Whether one node decodes for all.
    private func decodesAtRoot(_ collective: any Collective) -> Bool {
        collective.topology == .star || (collective.topology == .tree && options.decode == .root)
    }

    public func gradientIsFinal(
        from offset: Int, _ gradient: UnsafeMutableBufferPointer<Float>, step: Int,
        over collective: any Collective
    ) throws(CollectiveError) {
        while let bucket = schedule.take(from: offset) {
            try begin(bucket, gradient, step, collective)
        }
    }

    public func exchange(
        _ gradient: UnsafeMutableBufferPointer<Float>, step: Int, over collective: any Collective,
        phases: any PhaseRecorder
    ) throws(CollectiveError) {
        guard let accumulator else { preconditionFailure("a server has no gradient to exchange") }
        while let bucket = schedule.takeAny() {
            phases.enter(.encode)
            try begin(bucket, gradient, step, collective)
        }
        try collective.finish()
        schedule.restart()
        if decodesAtRoot(collective) {
            try decodeAtRoot(step, accumulator, collective, phases)
        } else {
            try decodeEverywhere(step, accumulator, collective, phases)
        }
        phases.enter(.decode)
        apply(to: gradient, accumulator, workers: collective.worldSize)
    }

    public func serve(
        step: Int, over collective: any Collective, phases: any PhaseRecorder
    ) throws(CollectiveError) {
        while let bucket = schedule.takeAny() { try beginSum(of: bucket, collective) }
        try collective.finish()
        schedule.restart()
        try decodeAtRoot(step, nil, collective, phases)
    }

    /// Takes a bucket of the gradient in and starts the sum of its table; the small parameters go
    /// with the last one.
    private func begin(
        _ bucket: Int, _ gradient: UnsafeMutableBufferPointer<Float>, _ step: Int,
        _ collective: any Collective
    ) throws(CollectiveError) {
        guard let accumulator else { preconditionFailure("a server has no gradient to exchange") }
        if bucket == 0 { loss?.beginStep() }
        try accumulator.accumulate(gradient, in: schedule.buckets[bucket])
        if bucket == schedule.last {
            try accumulator.accumulate(gradient, in: layout.smallRange)
            copy(accumulator.small, to: small)
            loss?.giveBackSmall(to: small)
        }
        decoder.encode(bucket, of: accumulator.weights, seed: seed(step), into: table.floats)
        try beginSum(of: bucket, collective)
    }

    /// At the root the order of additions is the same for every cell; elsewhere it is that of the
    /// whole table.
    private func beginSum(of bucket: Int, _ collective: any Collective) throws(CollectiveError) {
        let cells = decoder.cells(of: bucket)
        let range = cells.lowerBound..<(bucket == schedule.last ? table.count : cells.upperBound)
        guard decodesAtRoot(collective) else {
            return try collective.begin(
                .allReduceParts(
                    [range], of: table.count,
                    pieceWords: schedule.pieceWords(
                        decoder.cellCount, worldSize: collective.worldSize)),
                Transfer(table.floats, as: options.format, residual: loss?.ofTable))
        }
        let lost = loss.map { UnsafeMutableBufferPointer(rebasing: $0.ofTable[range]) }
        try collective.begin(
            .reduce(words: range.count, whole: false),
            Transfer(table[range], as: options.format, residual: lost))
    }

    /// The root has the sum: candidates down, exact values up, update down; only the last when the
    /// values are estimated.
    private func decodeAtRoot(
        _ step: Int, _ accumulator: Accumulator?, _ collective: any Collective,
        _ phases: any PhaseRecorder
    ) throws(CollectiveError) {
        if collective.isRoot {
            phases.enter(.decode)
            choose(step)
        }
        if options.values == .exact {
            try collective.broadcast(message.candidateIndices)
            phases.enter(.encode)
            fillExactValues(accumulator)
            try collective.reduce(valueTransfer)
        }
        if collective.isRoot {
            phases.enter(.decode)
            keep()
        }
        try collective.broadcast(message.update)
    }

    /// Every worker has the sum, decodes the same bits and so chooses the same candidates, whose
    /// exact values are summed without indices.
    private func decodeEverywhere(
        _ step: Int, _ accumulator: Accumulator, _ collective: any Collective,
        _ phases: any PhaseRecorder
    ) throws(CollectiveError) {
        phases.enter(.decode)
        choose(step)
        if options.values == .exact {
            phases.enter(.encode)
            fillExactValues(accumulator)
            try collective.allReduce(valueTransfer)
            phases.enter(.decode)
        }
        keep()
    }

    /// Candidates with their estimates, and the sums of the small parameters.
    private func choose(_ step: Int) {
        decoder.choose(
            from: cells, seed: seed(step), indices: message.candidates,
            values: message.candidateValues)
    }

    private func fillExactValues(_ accumulator: Accumulator?) {
        guard let residual = accumulator?.weights else { return }
        let values = message.candidateValues
        let indices = message.candidates
        for position in 0..<indices.count {
            let index = Int(indices[position])
            values[position] = index < residual.count ? residual[index] : 0
        }
    }

    /// The k largest of the candidates' sums become the update.
    private func keep() {
        decoder.keep(message)
        copy(small, to: message.smallSums)
    }

    private func apply(
        to update: UnsafeMutableBufferPointer<Float>, _ accumulator: Accumulator, workers: Int
    ) {
        let share = 1 / Float(workers)
        let indices = message.indices
        let values = message.values
        update.update(repeating: 0)
        for position in 0..<indices.count where Int(indices[position]) < layout.compressible {
            update[Int(indices[position])] = share * values[position]
        }
        let smallUpdate = UnsafeMutableBufferPointer(rebasing: update[layout.smallRange])
        copy(message.smallSums, to: smallUpdate)
        scale(smallUpdate, by: share)
        switch options.values {
        case .exact:
            accumulator.clear(indices)
            loss?.giveBack(
                applied: indices, among: message.candidates, to: accumulator.weights)
        case .estimated: accumulator.subtract(values, at: indices, scale: share)
        }
    }
}
