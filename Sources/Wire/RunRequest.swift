/// A client asks for one run.
public struct RunRequest: Codable, Equatable, Sendable {
    /// Experiment name.
    public var experiment: String
    /// The experiment file's text.
    public var experimentText: String
    /// The variant as JSON.
    public var config: String
    /// Seed of the run.
    public var seed: UInt64

    /// Memberwise.
    public init(experiment: String, experimentText: String, config: String, seed: UInt64) {
        self.experiment = experiment
        self.experimentText = experimentText
        self.config = config
        self.seed = seed
    }
}
