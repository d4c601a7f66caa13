/// Where a run stands.
public enum RunStatus: String, CaseIterable, Codable, Sendable {
    /// Waiting for its turn.
    case queued
    /// Training.
    case running
    /// Every step was done and every check passed.
    case completed
    /// Ended by an error; the run's `failure` says which.
    case failed
    /// Ended on request.
    case cancelled

    /// Whether the run will not change any more.
    public var isFinal: Bool { self == .completed || self == .failed || self == .cancelled }
}
