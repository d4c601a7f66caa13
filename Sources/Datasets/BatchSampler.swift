/// Which samples a rank takes in a step.
///
/// Every epoch is one seeded permutation of all training samples. Global batch t is a slice of it
/// and each rank takes its part, so P workers of batch b see what one worker of batch P*b sees. What
/// does not fill a global batch is left out of that epoch. A sampler that begins within an epoch
/// goes on in that epoch's order, so that a change of the number of workers deals no sample twice.
public struct BatchSampler: Sendable {
    /// Global batches of a whole epoch.
    public let stepsPerEpoch: Int
    private let samples: Int
    private let batch: Int
    private let rank: Int
    private let worldSize: Int
    private let seed: UInt64
    private let first: DataPosition
    private var epoch = -1
    private var order: [Int32] = []

    /// - Parameter first: where the first step's batch begins.
    /// - Throws: `DatasetError` when one global batch is more than there is, or `first` is no
    ///   place in an epoch.
    public init(
        samples: Int, batch: Int, rank: Int, worldSize: Int, seed: UInt64,
        from first: DataPosition = .start
    ) throws(DatasetError) {
        stepsPerEpoch = samples / (batch * worldSize)
        guard stepsPerEpoch > 0 else {
            throw DatasetError(
                "workers * batch: found \(worldSize) * \(batch); allowed: at most \(samples), "
                    + "the training samples")
        }
        guard first.step >= 0, first.epoch >= 0, (0...samples).contains(first.offset) else {
            throw DatasetError(
                "data position: found step \(first.step), epoch \(first.epoch), offset "
                    + "\(first.offset); allowed: no negative number, an offset of at most "
                    + "\(samples), the training samples")
        }
        self.samples = samples
        self.batch = batch
        self.rank = rank
        self.worldSize = worldSize
        self.seed = seed
        self.first = first
    }

    /// Where the global batch of a step begins.
    ///
    /// - Precondition: not before the first step.
    public func position(atStep step: Int) -> DataPosition {
        let taken = step - first.step
        precondition(taken >= 0, "a step before the sampler's first")
        let global = batch * worldSize
        let left = (samples - first.offset) / global
        guard taken >= left else {
            return DataPosition(
                step: step, epoch: first.epoch, offset: first.offset + taken * global)
        }
        let (epochs, batches) = (taken - left).quotientAndRemainder(dividingBy: stepsPerEpoch)
        return DataPosition(
            step: step, epoch: first.epoch + 1 + epochs, offset: batches * global)
    }

    /// Epoch that a step's batch is taken from.
    public func epoch(ofStep step: Int) -> Int { position(atStep: step).epoch }

    /// This rank's samples of a step.
    public mutating func indices(step: Int) -> ArraySlice<Int32> {
        let position = position(atStep: step)
        if position.epoch != epoch {
            epoch = position.epoch
            var generator = SampleGenerator(seed, UInt64(epoch), 0x5348_5546)
            order = (0..<Int32(samples)).shuffled(using: &generator)
        }
        let start = position.offset + rank * batch
        return order[start..<(start + batch)]
    }
}
