/// Which samples a rank takes in a step.
///
/// Every epoch is one seeded permutation of all training samples. Global batch t is a slice of it
/// and each rank takes its part, so P workers of batch b see what one worker of batch P*b sees. What
/// does not fill a global batch is left out of that epoch.
public struct BatchSampler: Sendable {
    /// Global batches of an epoch.
    public let stepsPerEpoch: Int
    private let samples: Int
    private let batch: Int
    private let rank: Int
    private let worldSize: Int
    private let seed: UInt64
    private var epoch = -1
    private var order: [Int32] = []

    /// - Throws: `DatasetError` when one global batch is more than there is.
    public init(
        samples: Int, batch: Int, rank: Int, worldSize: Int, seed: UInt64
    ) throws(DatasetError) {
        stepsPerEpoch = samples / (batch * worldSize)
        guard stepsPerEpoch > 0 else {
            throw DatasetError(
                "workers * batch: found \(worldSize) * \(batch); allowed: at most \(samples), "
                    + "the training samples")
        }
        self.samples = samples
        self.batch = batch
        self.rank = rank
        self.worldSize = worldSize
        self.seed = seed
    }

    /// This rank's samples of a step.
    public mutating func indices(step: Int) -> ArraySlice<Int32> {
        if step / stepsPerEpoch != epoch {
            epoch = step / stepsPerEpoch
            var generator = SampleGenerator(seed, UInt64(epoch), 0x5348_5546)
            order = (0..<Int32(samples)).shuffled(using: &generator)
        }
        let start = (step % stepsPerEpoch * worldSize + rank) * batch
        return order[start..<(start + batch)]
    }
}
