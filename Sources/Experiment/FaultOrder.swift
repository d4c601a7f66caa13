/// Walks through a run's faults in the order in which they happen, and finds those that cannot.
struct FaultOrder {
    private let options: ReliabilityOptions
    /// Before which step a process was killed that was not started again since.
    private var deaths: [Fault.Target: Int] = [:]

    init(_ options: ReliabilityOptions) {
        self.options = options
    }

    /// Which key of the next fault must be otherwise, and what is allowed there; `nil` where nothing
    /// keeps it from happening.
    mutating func objection(to fault: Fault) -> (key: String, allowed: String)? {
        let step = fault.step ?? 0
        guard let death = deaths[fault.target] else {
            if fault.action == .kill { deaths[fault.target] = step }
            guard fault.action == .restart else { return nil }
            return (
                "restart", "who was killed at that step or an earlier one, and not restarted since"
            )
        }
        let standsStill = options.standsStill(without: fault.target)
        if fault.action == .restart {
            guard !standsStill || step == death else {
                return ("at", "step \(death), that of the kill: \(Self.reason(fault.target))")
            }
            deaths[fault.target] = nil
            return nil
        }
        // The next process takes the place at once, and may be struck in its turn.
        guard standsStill, step > death || fault.target == .coordinator else {
            return (
                fault.action.name,
                "who lives: \(fault.target.summary) is killed at step \(death) and not restarted "
                    + "before"
            )
        }
        if fault.action == .kill { deaths[fault.target] = step }
        return nil
    }

    private static func reason(_ target: Fault.Target) -> String {
        switch target {
        case .worker: "with onLoss: wait nobody takes another step until the place is taken"
        case .server: "nobody takes another step until there is another server"
        case .coordinator: "nobody hears of steps until there is another coordinator"
        }
    }
}
