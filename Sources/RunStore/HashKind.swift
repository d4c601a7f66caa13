/// What a hash is one of.
public enum HashKind: String, Equatable, Sendable {
    /// What was asked.
    case `case`
    /// What it ran on.
    case context

    /// How to find one.
    var remedy: String {
        let column = self == .case ? "caseHash" : "contextHash"
        return "`peerless runs --columns experiment,variant,\(column)` lists them"
    }
}
