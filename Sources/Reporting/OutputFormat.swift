/// How results are printed.
public enum OutputFormat: String, CaseIterable, Sendable {
    /// Aligned columns for a terminal.
    case table
    /// For programs: every key, `null` where unknown.
    case json
    /// Comma-separated values by RFC 4180, with a header line; empty where unknown.
    case csv
    /// Tables that GitHub and others show.
    case markdown
}
