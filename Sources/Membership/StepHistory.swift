/// Which of a replica's latest states are kept, and in which of two places: the state before the
/// step that is going on, and the one before that.
///
/// Two are enough: nobody can finish a step before everybody has given its part to it, so members
/// are at most one step apart.
package struct StepHistory: Sendable {
    private var steps: [Int?] = [nil, nil]

    /// Nothing is kept yet.
    package init() {}

    /// Where the state after `step` steps goes; it takes the older one's place.
    package mutating func keep(_ step: Int) -> Int {
        let slot = step % 2
        steps[slot] = step
        return slot
    }

    /// Where the state after `step` steps is.
    package func slot(of step: Int) -> Int? { steps.firstIndex(of: step) }

    /// The states that are kept, newest first.
    package var kept: [Int] { steps.compactMap(\.self).sorted(by: >) }

    /// Goes back: what came later never was.
    package mutating func rewind(to step: Int) {
        for slot in steps.indices { if let kept = steps[slot], kept > step { steps[slot] = nil } }
    }
}
