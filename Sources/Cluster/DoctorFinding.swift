/// One thing that `peerless doctor` looked at.
public struct DoctorFinding: Equatable, Sendable {
    /// What it means for a run.
    public enum Verdict: String, Sendable {
        /// As it should be.
        case ok
        /// A run works, but slower, or its figures are worth less.
        case warning
        /// It would stop a run.
        case trouble
    }

    /// A word or two, e.g. `clock`.
    public let topic: String
    /// What it means for a run.
    public let verdict: Verdict
    /// What was found.
    public let words: String
    /// What to do about it.
    public let remedy: String?

    /// Memberwise.
    public init(_ topic: String, _ verdict: Verdict, _ words: String, remedy: String? = nil) {
        self.topic = topic
        self.verdict = verdict
        self.words = words
        self.remedy = remedy
    }

    /// One line for people.
    public var line: String {
        let columns = [(verdict.rawValue, 8), (topic, 13)].map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        return columns.joined() + words + (remedy.map { "; \($0)" } ?? "")
    }
}
