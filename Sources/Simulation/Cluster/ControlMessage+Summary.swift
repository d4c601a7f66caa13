import Wire

extension ControlMessage {
    /// A few words for a trace.
    var summary: String {
        switch self {
        case .hello(let hello):
            let place = hello.place.map { " in generation \($0.generation)" } ?? ""
            return "hello\(place), oldest \(hello.oldestSequence)"
        case .held(let held):
            let steps = held.states.map { String($0.step) }.joined(separator: " ")
            return "held \(steps) for generation \(held.generation)"
        case .ready(let ready): return "ready for generation \(ready.generation)"
        case .metrics(_, let generation, let rank, let steps):
            let range = "\(steps.first?.step ?? -1)...\(steps.last?.step ?? -1)"
            return "metrics \(range) of rank \(rank), generation \(generation)"
        case .evaluation(_, let generation, let rank, let part):
            return "evaluation \(part.step) of rank \(rank), generation \(generation)"
        case .done(_, let generation, let rank, let outcome):
            return "done of rank \(rank), generation \(generation): \(outcome)"
        case .gather(let assignment, let reason):
            return "gather \(assignment.generation): \(reason)"
        case .assign(let assignment):
            let origin = assignment.origin.map { " from step \($0.state.step)" } ?? ""
            return "assign rank \(assignment.rank) of \(assignment.worldSize) in generation "
                + "\(assignment.generation)\(origin)"
        case .start(_, let generation, _): return "start \(generation)"
        case .cancel(_, let reason): return "cancel: \(reason)"
        case .recorded(let through): return "recorded \(through)"
        default: return "\(self)"
        }
    }
}

extension ControlLine.Word {
    /// The message and its number.
    var summary: String { sequence.map { "#\($0) \(message.summary)" } ?? message.summary }
}
