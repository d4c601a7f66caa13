import Wire

/// What daemons say of runs that are not this board's: one that worked for a coordinator on another
/// database comes with words about that one's run, which may have the number of a run here.
extension RunBoard {
    /// Words of a run that is not this board's.
    struct Baggage: Equatable {
        let run: Int64
        /// The newest of them; what the daemon says later, it says with this board's answer.
        let through: UInt64
    }

    /// What a daemon comes with, going by the place that it believes to have.
    func baggage(of hello: Hello) -> Baggage? {
        guard let place = hello.place, active?.isPlace(place) != true else { return nil }
        return Baggage(run: place.run, through: hello.newestSequence)
    }

    /// A daemon's words are kept with a run in which it has, or had, a place; else without one.
    func record(
        of run: Int64?, _ kind: String, _ detail: String, sequence: UInt64?, _ node: Node
    ) -> Effect {
        guard let run else {
            return .event(run: nil, kind: kind, node: node.hello.name, detail: detail)
        }
        let name = node.hello.name
        let isMember = node.latestRun == run || active?.hasEnrolled(name, in: run) == true
        let isOurs = isMember && !node.brought(sequence, of: run)
        return .event(
            run: isOurs ? run : nil, kind: kind, node: name,
            detail: isOurs ? detail : "\(detail) (of run \(run), in which it has no place here)")
    }
}

extension RunBoard.Node {
    /// Whether the daemon came with a message, and it is not about a run of this board.
    func brought(_ sequence: UInt64?, of run: Int64) -> Bool {
        guard let baggage, let sequence else { return false }
        return baggage.run == run && sequence <= baggage.through
    }
}

extension ControlMessage {
    /// The run that a member says what it did in; a `ready` names its identity itself.
    var memberRun: Int64? {
        switch self {
        case .metrics(let run, _, _, _), .evaluation(let run, _, _, _),
            .observed(let run, _, _, _), .checkpointed(let run, _, _, _),
            .injected(let run, _, _, _), .done(let run, _, _, _):
            run
        case .held(let held): held.run
        default: nil
        }
    }
}
