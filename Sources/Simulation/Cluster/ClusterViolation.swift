/// What a cluster must never do.
package enum Invariant: String, CaseIterable, Sendable {
    case equalReplicas = "replicas of a step hold the sum of its members' gradients, and no other"
    case heldStates = "a member goes back to states that it holds only"
    case deadlines = "nobody waits without a deadline"
    case bound = "after the last fault the run ends within the bound"
    case completion = "a run that can go on completes"
    case rows = "every step has one row of every rank that took it last"
    case members = "only nodes of the current generation are counted"
    case bounded = "messages and memory stay bounded"
}

/// Where a schedule broke an invariant.
package struct ClusterViolation: Error, Equatable, CustomStringConvertible {
    package var invariant: Invariant
    package var detail: String
    /// Virtual seconds.
    package var time = 0.0

    package var description: String { "\(invariant.rawValue): \(detail)" }
}
