package import Wire

/// A daemon's mind: its place in a run, and what the coordinator's words make of it.
///
/// A value without sockets, threads or clock. The words come in as they are heard; what is to be done
/// comes out in order. What belongs to an older generation than the place is passed over.
package struct MemberMachine: Sendable {
    /// What the daemon does next.
    package enum Action: Equatable, Sendable {
        /// Stop, and tell which states of the run are held; without any replica, make one and look
        /// for checkpoints.
        case tell(Assignment, reason: String)
        /// Make or restore the state of the assignment's origin, open the data plane, say ready.
        case prepare(Assignment)
        /// Take every step.
        case train(run: Int64, generation: UInt32, endpoints: [String])
        /// The run is over for this node: say so, and forget it.
        case stop(run: Int64, generation: UInt32, reason: String)
        /// Nobody will ask for the run's states any more.
        case discard(run: Int64)
    }

    private var place: Hello.Place?
    /// What the place was given with; the coordinator says it again until it hears that it was heard.
    private var given: Assignment?
    private var isStarted = false
    private var interruption: String?
    private var actions: [Action] = []

    /// A daemon without a place.
    package init() {}

    /// The place that the daemon tells a coordinator that does not know it.
    package var currentPlace: Hello.Place? { place }

    /// Takes a word of the coordinator.
    package mutating func received(_ message: ControlMessage) {
        switch message {
        case .gather(let assignment, let reason):
            guard isNews(assignment.run, assignment.generation) else { return }
            take(assignment)
            place?.isAssigned = false
            interruption = reason
            actions.append(.tell(assignment, reason: reason))
        case .assign(let assignment):
            let isGathered =
                place?.run == assignment.run
                && place?.generation == assignment.generation && place?.isHalted == true
            guard isGathered || isNews(assignment.run, assignment.generation) else { return }
            guard place == nil || assignment != given else { return }
            take(assignment)
            given = assignment
            actions.append(.prepare(assignment))
        case .start(let run, let generation, let endpoints):
            guard isCurrent(run, generation), !isStarted else { return }
            isStarted = true
            place?.isHalted = false
            actions.append(.train(run: run, generation: generation, endpoints: endpoints))
        case .cancel(let run, let reason):
            guard let place, place.run == run else { return }
            interruption = reason
            self.place = nil
            actions.append(.stop(run: run, generation: place.generation, reason: reason))
        case .release(let run):
            if place?.run == run { place = nil }
            actions.append(.discard(run: run))
        default: return
        }
    }

    /// The next thing to do, if there is one.
    package mutating func next() -> Action? { actions.isEmpty ? nil : actions.removeFirst() }

    /// Why what is done for a generation must be broken off, if it must.
    package func interruption(of run: Int64, generation: UInt32) -> String? {
        isCurrent(run, generation) ? nil : interruption ?? "out of the run"
    }

    /// The daemon has left its place: it said how its part ended, and the coordinator knows.
    package mutating func leave(run: Int64, generation: UInt32) {
        // A place that was not started yet is another one, though it may have the same numbers.
        if isCurrent(run, generation), isStarted { place = nil }
    }

    private mutating func take(_ assignment: Assignment) {
        place = Hello.Place(
            run: assignment.run, identity: assignment.identity,
            generation: assignment.generation, rank: assignment.rank, slot: assignment.slot,
            isHalted: true)
        given = nil
        isStarted = false
    }

    private func isNews(_ run: Int64, _ generation: UInt32) -> Bool {
        guard let place, place.run == run else { return true }
        return generation > place.generation
    }

    private func isCurrent(_ run: Int64, _ generation: UInt32) -> Bool {
        place?.run == run && place?.generation == generation
    }
}
