/// What an experiment has come to, for a list of experiments.
public struct ExperimentOverview: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Runs of it.
    public var runs: Int
    /// Runs that are going on.
    public var running: Int
    /// The number of its newest run.
    public var newestRun: Int64
}
