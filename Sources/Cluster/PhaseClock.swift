public import Collectives
public import Wire

/// Measures the phases of a step: every nanosecond between begin and end belongs to one phase, but
/// those for which the clock was made to stand still.
public final class PhaseClock: PhaseRecorder {
    private var spent = [UInt64](repeating: 0, count: Phase.allCases.count)
    private var current: Phase = .compute
    private var since: UInt64 = 0
    private var begun: UInt64 = 0
    private var outside: UInt64 = 0

    /// A clock at rest.
    public init() {}

    /// Starts a step in a phase.
    public func begin(_ phase: Phase) {
        for index in spent.indices { spent[index] = 0 }
        current = phase
        outside = 0
        begun = MonotonicClock.now()
        since = begun
    }

    public func enter(_ phase: Phase) {
        let now = MonotonicClock.now()
        spent[current.rawValue] += now - since
        since = now
        current = phase
    }

    /// Runs what belongs to no phase, nor to the step.
    func standStill(_ body: () -> Void) {
        enter(current)
        body()
        let now = MonotonicClock.now()
        outside += now - since
        since = now
    }

    /// Gives to a phase what was counted for another.
    func move(_ nanoseconds: UInt64, from phase: Phase, to other: Phase) {
        let moved = min(nanoseconds, spent[phase.rawValue])
        spent[phase.rawValue] -= moved
        spent[other.rawValue] += moved
    }

    /// Ends the step and writes its times into a record.
    public func end(into record: inout StepRecord) {
        enter(current)
        record.began = Int64(begun)
        record.total = Int64(since - begun - outside)
        record.compute = Int64(spent[Phase.compute.rawValue])
        record.encode = Int64(spent[Phase.encode.rawValue])
        record.exchange = Int64(spent[Phase.exchange.rawValue])
        record.wait = Int64(spent[Phase.wait.rawValue])
        record.decode = Int64(spent[Phase.decode.rawValue])
        record.update = Int64(spent[Phase.update.rawValue])
    }
}
