/// Something bad that is done to a run on purpose.
public struct Fault: Codable, Equatable, Sendable {
    /// What is done.
    public enum Action: Codable, Equatable, Sendable {
        /// End the process without a word.
        case kill
        /// Stop the process, and let it go on after so many seconds.
        case pause(seconds: Double)
        /// Start a process again that was killed before.
        case restart
        /// Make each step last so many times as long.
        case slow(factor: Double)

        /// The key in experiment files.
        public var name: String {
            switch self {
            case .kill: "kill"
            case .pause: "pause"
            case .restart: "restart"
            case .slow: "slow"
            }
        }
    }

    /// To whom.
    public enum Target: Codable, Hashable, Sendable {
        /// The worker that held this place, from 0, when the run began.
        case worker(Int)
        case server
        case coordinator

        /// As it is written in experiment files.
        public var summary: String {
            switch self {
            case .worker(let number): "worker \(number)"
            case .server: "server"
            case .coordinator: "coordinator"
            }
        }
    }

    /// Before which step, from 0; `nil` for the first one, which only `slow` may leave out.
    public var step: Int?
    /// What is done.
    public var action: Action
    /// To whom.
    public var target: Target

    /// Memberwise.
    public init(step: Int?, action: Action, target: Target) {
        self.step = step
        self.action = action
        self.target = target
    }

    /// One line for people, as in `pause worker 1 for 5s at step 300`.
    public var summary: String {
        let extent =
            switch action {
            case .kill, .restart: ""
            case .pause(let seconds): " for \(Units.text(seconds: seconds))"
            case .slow(let factor): " by a factor of \(Units.text(number: factor))"
            }
        let time = step.map { " at step \($0)" } ?? " from the first step"
        return "\(action.name) \(target.summary)\(extent)\(time)"
    }
}

extension Fault {
    /// How many times as long a process's step lasts by what is done to it: the newest factor holds,
    /// and of two that begin with the same step the later one in the file.
    public static func slowness(of faults: [Fault], atStep step: Int) -> Double {
        var newest = (step: 0, factor: 1.0)
        for fault in faults {
            guard case .slow(let factor) = fault.action else { continue }
            let first = fault.step ?? 0
            if first <= step, first >= newest.step { newest = (first, factor) }
        }
        return newest.factor
    }
}
