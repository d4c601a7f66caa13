import Foundation

/// What a run ran on: facts of its host by key, the host's name left out.
public struct RunContext: Equatable, Sendable {
    /// One fact of a context.
    public struct Fact: Codable, Equatable, Sendable {
        /// Such as `processor`.
        public var key: String
        /// As text.
        public var value: String

        /// Memberwise.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The hash that the run was given when it was queued.
    public var hash: String
    /// By key.
    public var facts: [Fact]

    /// From a run's columns.
    ///
    /// - Parameter json: an object; anything else holds no fact.
    public init(hash: String, json: String) {
        self.hash = hash
        let object = try? JSONSerialization.jsonObject(with: Data(json.utf8))
        let values = object as? [String: Any] ?? [:]
        facts = values.sorted { $0.key < $1.key }.map { Fact(key: $0.key, value: "\($0.value)") }
    }

    /// The keys whose values differ, or that one of the two lacks, in order; none when the runs ran
    /// on the same. Equal hashes differ in nothing.
    public func differingKeys(from other: RunContext) -> [String] {
        guard hash != other.hash else { return [] }
        func values(_ context: RunContext) -> [String: String] {
            Dictionary(context.facts.map { ($0.key, $0.value) }) { first, _ in first }
        }
        let (mine, others) = (values(self), values(other))
        let keys = Set(mine.keys).union(others.keys).sorted()
        // Two hashes without a fact to tell why: nothing says that they ran on the same.
        if keys.isEmpty { return ["context"] }
        return keys.filter { mine[$0] != others[$0] }
    }
}
