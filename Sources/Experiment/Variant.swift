import Foundation

/// One cell of the comparison: all that a run needs except its seed.
public struct Variant: Codable, Equatable, Sendable {
    /// Name of the experiment.
    public var experiment: String
    /// Name within the experiment.
    public var name: String
    /// Data set.
    public var dataset: DatasetName
    /// Shape of the synthetic data set.
    public var synthetic = SyntheticOptions()
    /// Model.
    public var model: ModelName
    /// Number of workers.
    public var workers: Int
    /// Samples per worker and step.
    public var batch: Int
    /// Threads that share a worker's step.
    public var threads = 1
    /// Steps; `nil` when epochs are given.
    public var steps: Int?
    /// Epochs; `nil` when steps are given.
    public var epochs: Double?
    /// Optimiser.
    public var optimizer = OptimizerOptions()
    /// Evaluations.
    public var evaluate = EvaluateOptions()
    /// Observations of the exchange; `nil` for none.
    public var observe: ObserveOptions?
    /// Target to time.
    public var target: TargetOptions?
    /// Emulated link; `nil` for the bare machine.
    public var link: LinkOptions?
    /// Who exchanges with whom.
    public var topology: Topology
    /// How gradients are exchanged.
    public var method: Method
    /// How a linear method's words are exchanged; `nil` for the defaults.
    public var exchange: ExchangeOptions?
    /// Augmentation.
    public var augment = AugmentOptions()
    /// Longest frame.
    public var chunkBytes = 256 << 10
    /// What carries the frames.
    public var transport = TransportName.auto
    /// Steps between comparisons of the replicas' checksums.
    public var checksumEvery = 50
    /// How long a peer may be silent.
    public var deadlineSeconds = 30.0
    /// How losses are met, checkpoints and faults; `nil` for the defaults.
    public var reliability: ReliabilityOptions?

    /// The method and the options that tell runs apart.
    public var methodSummary: String { method.summary + (exchange?.summary ?? "") }

    /// JSON with sorted keys: equal variants give equal text.
    public var canonicalJSON: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("a variant holds nothing that JSON cannot")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
