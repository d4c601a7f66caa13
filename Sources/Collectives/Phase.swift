/// What a training step's time is spent on. Every moment of a step belongs to exactly one phase.
public enum Phase: Int, CaseIterable, Sendable {
    /// Forward and backward.
    case compute
    /// Residual, momentum, sketch or selection, before sending.
    case encode
    /// Sending, receiving and combining.
    case exchange
    /// Blocked on peers.
    case wait
    /// Estimates, candidates and scattering after receiving.
    case decode
    /// Optimiser on the parameters.
    case update
}

/// Told when a new phase begins; the machine room that has a clock measures.
public protocol PhaseRecorder: AnyObject {
    /// The time from now on belongs to `phase`.
    func enter(_ phase: Phase)
}
