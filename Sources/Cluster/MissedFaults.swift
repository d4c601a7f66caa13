package import Experiment
package import RunStore

/// The faults of an experiment that a run has not had: it ended before them, or nobody was there to
/// carry them out.
package enum MissedFaults {
    /// The event's kind.
    static let kind = "fault not carried out"

    /// - Parameter events: the run's; each that tells of a fault, or that it was missed before the run
    ///   was resumed, stands for one.
    package static func of(_ faults: [Fault], events: [EventRow]) -> [Fault] {
        var told = events.filter { $0.kind == "fault" || $0.kind == kind }.map(\.detail)
        return faults.filter { fault in
            guard let position = told.firstIndex(of: fault.summary) else { return true }
            told.remove(at: position)
            return false
        }
    }
}
