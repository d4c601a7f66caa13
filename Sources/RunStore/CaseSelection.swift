/// Which case: one thing that was asked, however often it ran.
public enum CaseSelection: Equatable, Sendable {
    /// The one whose hash begins so.
    case hash(prefix: String)
    /// What an experiment's variant asked when it last ran.
    case variant(String, experiment: String)
}
