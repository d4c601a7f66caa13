/// What a word may name: a baseline, a git revision, an experiment, a set of runs, a database.
public enum RunReference {
    /// What there is to be named in the database at hand.
    public struct Shelf: Sendable {
        /// One completed or failed run.
        public struct Entry: Equatable, Sendable {
            /// Its number.
            public var run: Int64
            /// Name of its experiment.
            public var experiment: String
            /// Revision of the sources, where known.
            public var revision: String?

            /// Memberwise.
            public init(run: Int64, experiment: String, revision: String?) {
                self.run = run
                self.experiment = experiment
                self.revision = revision
            }
        }

        /// Runs that have ended.
        public var entries: [Entry]
        /// Runs of every baseline, by name.
        public var baselines: [String: [Int64]]

        /// Memberwise.
        public init(entries: [Entry], baselines: [String: [Int64]]) {
            self.entries = entries
            self.baselines = baselines
        }
    }

    /// What a word names.
    public enum Target: Equatable, Sendable {
        /// Runs of the database at hand.
        case runs([Int64])
        /// All ended runs of another database.
        case file(String)
    }

    /// Why a word names nothing, or too much. The description is one line for a person.
    public struct Trouble: Error, Equatable, CustomStringConvertible {
        /// The line.
        public var description: String
        /// Whether the word is sound, but nothing recorded has that name.
        public var isNotEnoughData: Bool
    }

    private static let ways =
        "a baseline's name, a git revision, a database file, run numbers such as 3,5,7-9, or "
        + "experiment:NAME"

    /// What the word names.
    ///
    /// - Parameters:
    ///   - word: as typed; `baseline:`, `revision:`, `experiment:`, `runs:` or `file:` before it says
    ///     which is meant.
    ///   - isFile: whether there is a file at a path.
    public static func resolve(
        _ word: String, among shelf: Shelf, isFile: (String) -> Bool
    ) throws(Trouble) -> Target {
        guard !word.isEmpty else {
            throw Trouble(description: "an empty name; allowed: \(ways)", isNotEnoughData: false)
        }
        let kinds = ["baseline", "revision", "experiment", "runs", "file"]
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let kind = parts.count == 2 ? kinds.first { $0 == parts[0] } : nil
        let name = kind == nil ? word : String(parts[1])
        var found: [(kind: String, target: Target)] = []
        for kind in kind.map({ [$0] }) ?? kinds.filter({ $0 != "experiment" }) {
            if let target = try target(kind, name, shelf, isFile) { found.append((kind, target)) }
        }
        guard let first = found.first else { throw nothing(word, kind, name, shelf) }
        guard found.count == 1 else {
            let all = found.map { "\($0.kind):\(name)" }.joined(separator: ", ")
            throw Trouble(
                description: "\(word): may be any of \(all); say which in this way",
                isNotEnoughData: false)
        }
        return first.target
    }

    private static func target(
        _ kind: String, _ name: String, _ shelf: Shelf, _ isFile: (String) -> Bool
    ) throws(Trouble) -> Target? {
        switch kind {
        case "baseline": return shelf.baselines[name].map { .runs($0) }
        case "file": return isFile(name) ? .file(name) : nil
        case "experiment":
            let runs = shelf.entries.filter { $0.experiment == name }.map(\.run)
            return runs.isEmpty ? nil : .runs(runs)
        case "runs": return try numbers(name, shelf).map { .runs($0) }
        default: return try revision(name, shelf)
        }
    }

    /// Runs of the revision of that name, else of the only one that begins so.
    private static func revision(_ name: String, _ shelf: Shelf) throws(Trouble) -> Target? {
        guard !name.isEmpty else { return nil }
        let known = Set(shelf.entries.compactMap(\.revision))
        let matching =
            known.contains(name) ? [name] : known.filter { $0.hasPrefix(name) }.sorted()
        guard let revision = matching.first else { return nil }
        guard matching.count == 1 else {
            throw Trouble(
                description: "\(name): begins several revisions: \(list(matching)); "
                    + "give more of it", isNotEnoughData: false)
        }
        return .runs(shelf.entries.filter { $0.revision == revision }.map(\.run))
    }

    /// Numbers and spans of numbers; `nil` when the word is something else.
    private static func numbers(_ word: String, _ shelf: Shelf) throws(Trouble) -> [Int64]? {
        var chosen: [Int64] = []
        let known = shelf.entries.map(\.run)
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            let numbers = ends.compactMap { Int64($0) }.filter { $0 > 0 }
            guard numbers.count == ends.count, (1...2).contains(ends.count),
                let first = numbers.first, let last = numbers.last
            else { return nil }
            guard first <= last else {
                throw Trouble(
                    description: "\(word): found \(part); allowed: the smaller number first",
                    isNotEnoughData: false)
            }
            let named = known.filter { (first...last).contains($0) }
            guard first != last || !named.isEmpty else { return nil }
            chosen += named.filter { !chosen.contains($0) }
        }
        return chosen.isEmpty ? nil : chosen
    }

    private static func nothing(
        _ word: String, _ kind: String?, _ name: String, _ shelf: Shelf
    ) -> Trouble {
        let runs = shelf.entries.map(\.run)
        let span = runs.min().flatMap { low in runs.max().map { "\(low) to \($0)" } } ?? "none"
        return Trouble(
            description: "\(word): names nothing recorded; there is: baselines "
                + "\(list(shelf.baselines.keys.sorted())); revisions "
                + "\(list(Set(shelf.entries.compactMap(\.revision)).sorted())); experiments "
                + "\(list(Set(shelf.entries.map(\.experiment)).sorted())); ended runs \(span). "
                + "Allowed: \(ways)",
            isNotEnoughData: true)
    }

    private static func list(_ names: [String]) -> String {
        guard !names.isEmpty else { return "none" }
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
    }
}
