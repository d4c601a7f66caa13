public import Experiment

/// What is to be trained, by whom, over which links.
public struct AdviceQuestion: Equatable, Sendable {
    /// Model.
    public var model: ModelName
    /// Data set: its images and classes, none of its content.
    public var dataset: DatasetName
    /// Number of workers.
    public var workers: Int
    /// Samples per worker and step.
    public var batch: Int
    /// Threads that share a worker's step.
    public var threads: Int
    /// Every node's link.
    public var link: LinkOptions
    /// Whether the workers share this machine's cores; else each has a machine like this one.
    public var isOneMachine = false
    /// Share of the parameters that the compressing methods apply.
    public var kPercent = 1.0
    /// Rows of the sketch.
    public var rows = 5
    /// Columns of the sketch; `nil` for `AdviceQuestion.columns(parameters:)`.
    public var columns: Int?

    /// With the usual compression, every worker on its own machine.
    public init(
        model: ModelName, dataset: DatasetName, workers: Int, batch: Int, threads: Int,
        link: LinkOptions
    ) {
        self.model = model
        self.dataset = dataset
        self.workers = workers
        self.batch = batch
        self.threads = threads
        self.link = link
    }

    /// The power of two at or below a fiftieth of the parameters, 1,024 at least: five rows of it
    /// are about a tenth of the gradient.
    public static func columns(parameters: Int) -> Int {
        let most = max(1_024, parameters / 50)
        return 1 << (Int.bitWidth - 1 - most.leadingZeroBitCount)
    }

    /// How much longer work takes when a host's workers want more cores than it has.
    public static func crowding(workersOnHost: Int, threads: Int, cores: Int) -> Double {
        max(1, Double(workersOnHost * threads) / Double(max(1, cores)))
    }
}
