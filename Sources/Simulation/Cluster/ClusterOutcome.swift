package import Membership

/// What was counted in one schedule.
package struct ClusterCensus: Equatable, Sendable {
    /// Faults that befell, by kind.
    package var faults: [Fault.Kind: Int] = [:]
    package var events = 0
    package var controlMessages = 0
    package var frames = 0
    package var framesLost = 0
    package var framesDoubled = 0
    /// Words between the coordinator and daemons.
    package var wordsLost = 0
    /// Steps of workers, those that were done again included.
    package var steps = 0
    /// Generations that began to train.
    package var generations = 0
    package var rewinds = 0
    /// Most entries that the coordinator's mind held.
    package var openEntries = 0

    /// Nothing yet.
    package init() {}
}

/// How one schedule went.
package struct ClusterOutcome: Equatable, Sendable {
    package var seed: UInt64
    /// How the run ended, if it did.
    package var ending: RunBoard.Ending?
    /// The invariant that it broke, if it did.
    package var violation: ClusterViolation?
    package var census: ClusterCensus
    /// Virtual seconds.
    package var seconds: Double
    /// Of every event's kind and time: equal schedules have equal ones.
    package var digest: UInt64
    /// The last events in words, if they were asked for.
    package var trace: [String]
}

/// The last events of a schedule, in words.
struct ClusterTrace {
    private let limit: Int
    private(set) var lines: [String] = []

    init(limit: Int) {
        self.limit = limit
    }

    mutating func add(_ words: String, at time: Double) {
        lines.append("\(milliseconds(time)) \(words)")
        if lines.count > 2 * limit { lines.removeFirst(lines.count - limit) }
    }

    private func milliseconds(_ time: Double) -> String {
        let thousandths = Int((time * 1_000).rounded())
        let digits = String(thousandths % 1_000)
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
