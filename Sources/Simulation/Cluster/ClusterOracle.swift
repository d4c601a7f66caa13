import Membership
import Wire

/// Knows what every state of every generation must be, from the assignments alone.
struct ClusterOracle {
    private struct Lineage {
        /// The state after so many steps, from the run's first.
        var states: [Replica.State]
        var origin: Int
        var slots: [Int: Int] = [:]
        var workers = 0
        var assignments: [Int: Assignment] = [:]
        var isStarted = false
    }

    private let scenario: Scenario
    private var lineages: [UInt32: Lineage] = [:]
    private var current: UInt32?

    init(_ scenario: Scenario) {
        self.scenario = scenario
    }

    /// The coordinator has given a node its place.
    mutating func assigned(_ assignment: Assignment) throws(ClusterViolation) {
        let generation = assignment.generation
        if let known = lineages[generation]?.assignments[assignment.rank], known != assignment {
            guard lineages[generation]?.isStarted == false else {
                throw violation(.members, "generation \(generation) was formed twice")
            }
            // Given out anew, by the next coordinator: ranks that stay the same were told before.
            var again = try lineage(for: assignment)
            again.assignments = lineages[generation]?.assignments ?? [:]
            again.slots = lineages[generation]?.slots ?? [:]
            again.assignments = again.assignments.filter { $0.key <= assignment.worldSize }
            again.slots = again.slots.filter { $0.key < assignment.worldSize }
            lineages[generation] = again
        }
        if lineages[generation] == nil { lineages[generation] = try lineage(for: assignment) }
        lineages[generation]?.assignments[assignment.rank] = assignment
        guard assignment.rank < assignment.worldSize else { return }
        lineages[generation]?.slots[assignment.rank] = assignment.slot
    }

    private func lineage(for assignment: Assignment) throws(ClusterViolation) -> Lineage {
        guard let origin = assignment.origin?.state, let current, let last = lineages[current]
        else {
            let first = Replica.State(
                parameters: Array(repeating: 0, count: scenario.words), offset: 0)
            return Lineage(states: [first], origin: 0, workers: assignment.worldSize)
        }
        guard origin.step < last.states.count else {
            throw violation(
                .equalReplicas,
                "generation \(assignment.generation) begins after step \(origin.step), which "
                    + "nobody has reached")
        }
        return Lineage(
            states: Array(last.states[...origin.step]), origin: origin.step,
            workers: assignment.worldSize)
    }

    mutating func started(_ generation: UInt32) {
        guard lineages[generation] != nil else { return }
        lineages[generation]?.isStarted = true
        current = max(current ?? generation, generation)
    }

    /// A worker is at a state of its generation: restored, given by a peer, or reached.
    mutating func reached(
        _ state: Replica.State, step: Int, generation: UInt32, by name: String
    ) throws(ClusterViolation) {
        guard var lineage = lineages[generation] else {
            throw violation(.members, "\(name) trains in generation \(generation), not assigned")
        }
        if step == lineage.states.count, let last = lineage.states.last {
            lineage.states.append(next(after: last, step: step - 1, generation, lineage))
            lineages[generation] = lineage
        }
        guard step >= lineage.origin, step < lineage.states.count else {
            throw violation(
                .equalReplicas,
                "\(name) is at step \(step) of generation \(generation), which begins at "
                    + "\(lineage.origin) and has reached \(lineage.states.count - 1)")
        }
        guard lineage.states[step] == state else {
            throw violation(
                .equalReplicas,
                "\(name) holds \(state.parameters), offset \(state.offset), after step \(step) of "
                    + "generation \(generation); it must be \(lineage.states[step].parameters), "
                    + "offset \(lineage.states[step].offset)")
        }
    }

    private func next(
        after last: Replica.State, step: Int, _ generation: UInt32, _ lineage: Lineage
    ) -> Replica.State {
        var state = last
        for (_, slot) in lineage.slots {
            let gradient = simulatedGradient(
                generation: generation, slot: slot, step: step, words: scenario.words)
            for index in gradient.indices { state.parameters[index] += gradient[index] }
        }
        state.offset += lineage.workers * scenario.batch
        return state
    }

    /// The generation that took a step last, and its nodes.
    func author(of step: Int) -> (generation: UInt32, nodes: Int)? {
        var generation = current
        while let candidate = generation, let lineage = lineages[candidate] {
            if lineage.origin <= step {
                return (candidate, lineage.assignments.count)
            }
            generation = lineages.keys.filter { $0 < candidate && lineages[$0]?.isStarted == true }
                .max()
        }
        return nil
    }

    /// Checksum of the parameters at the run's end, and of the generation that reached it.
    var finalChecksum: UInt64? {
        guard let current, let states = lineages[current]?.states,
            states.count == scenario.steps + 1
        else { return nil }
        return states.last.map { Replica.checksum($0.parameters) }
    }

    private func violation(_ invariant: Invariant, _ detail: String) -> ClusterViolation {
        ClusterViolation(invariant: invariant, detail: detail)
    }
}
