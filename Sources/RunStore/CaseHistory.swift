/// The completed runs of one case in one context, by the time they were queued.
public struct CaseHistory: Equatable, Sendable {
    /// A run and when it was queued.
    public struct Entry: Equatable, Sendable {
        /// Its figures.
        public var row: ComparisonRow
        /// ISO 8601, UTC.
        public var createdAt: String

        /// Memberwise.
        public init(row: ComparisonRow, createdAt: String) {
            self.row = row
            self.createdAt = createdAt
        }
    }

    /// Runs that are not joined, since they asked for something else or ran on something else.
    public struct Apart: Codable, Equatable, Sendable {
        /// The hash that differs.
        public var hash: String
        /// How many.
        public var runs: Int
        /// Of a context, the keys in which it differs; empty for a case.
        public var differingKeys: [String]

        /// Memberwise.
        public init(hash: String, runs: Int, differingKeys: [String] = []) {
            self.hash = hash
            self.runs = runs
            self.differingKeys = differingKeys
        }
    }

    /// Hash of what was asked.
    public var caseHash: String
    /// Hash of what it ran on.
    public var contextHash: String
    /// Oldest first; never empty.
    public var entries: [Entry]
    /// Other cases of the variant.
    public var otherCases: [Apart] = []
    /// Other contexts of the case.
    public var otherContexts: [Apart] = []

    /// Memberwise.
    public init(caseHash: String, contextHash: String, entries: [Entry]) {
        self.caseHash = caseHash
        self.contextHash = contextHash
        self.entries = entries
    }
}
