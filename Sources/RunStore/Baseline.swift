/// Runs under a name, for others to be held against.
public struct Baseline: Codable, Equatable, Sendable {
    /// Its name.
    public var name: String
    /// What it is for.
    public var note: String?
    /// When it was set: ISO 8601, UTC.
    public var createdAt: String
    /// Numbers of its runs.
    public var runs: [Int64]
    /// Experiments that they are of.
    public var experiments: [String]
    /// Revisions that they were made with.
    public var revisions: [String]

    /// Memberwise.
    public init(
        name: String, note: String?, createdAt: String, runs: [Int64], experiments: [String],
        revisions: [String]
    ) {
        self.name = name
        self.note = note
        self.createdAt = createdAt
        self.runs = runs
        self.experiments = experiments
        self.revisions = revisions
    }

    /// Writes every key, `null` where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(note, forKey: .note)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(runs, forKey: .runs)
        try container.encode(experiments, forKey: .experiments)
        try container.encode(revisions, forKey: .revisions)
    }
}
