/// A figure that a gate looks at.
public enum Metric: String, CaseIterable, Codable, Sendable {
    case bytesSent, bytesReceived, serverBytes, messages, stepsToTarget
    case finalLoss, finalAccuracy
    case step, compute, encode, exchange, wait, decode, update, seconds

    /// What kind of figure, which says how it is judged; stages are judged in this order.
    public enum Stage: String, CaseIterable, Codable, Sendable {
        /// Counted, and the same for the same case and seed whatever the machine.
        case counters
        /// How well it learns.
        case convergence
        /// Read from a clock, and noisy.
        case clock
    }

    /// Its stage.
    public var stage: Stage {
        switch self {
        case .bytesSent, .bytesReceived, .serverBytes, .messages, .stepsToTarget: .counters
        case .finalLoss, .finalAccuracy: .convergence
        case .step, .compute, .encode, .exchange, .wait, .decode, .update, .seconds: .clock
        }
    }

    /// Whether more of it is better.
    public var greaterIsBetter: Bool { self == .finalAccuracy }

    /// Whether its every value is fixed by case and seed, so that any growth is one of the program.
    public var isExact: Bool { stage == .counters && self != .stepsToTarget }

    /// Unit of its values, or nothing.
    public var unit: String {
        switch self {
        case .bytesSent, .bytesReceived, .serverBytes: "B/step"
        case .messages: "1/step"
        case .stepsToTarget: "steps"
        case .finalLoss, .finalAccuracy: ""
        case .step, .compute, .encode, .exchange, .wait, .decode, .update: "ms"
        case .seconds: "s"
        }
    }

    /// Those that are judged when nothing else is asked for.
    public static let usual: [Metric] = [
        .bytesSent, .bytesReceived, .serverBytes, .messages, .stepsToTarget, .finalLoss,
        .finalAccuracy, .step,
    ]

    /// Those that a word names: a metric, or a stage for all of its usual ones.
    public static func named(_ word: String) -> [Metric]? {
        if let metric = Metric(rawValue: word) { return [metric] }
        return Stage(rawValue: word).map { stage in usual.filter { $0.stage == stage } }
    }

    /// Every word that `named` knows.
    public static var words: [String] {
        Stage.allCases.map(\.rawValue) + allCases.map(\.rawValue)
    }
}
