/// A key in which runs that are to be compared differ.
public struct ContextDifference: Codable, Equatable, Sendable {
    /// Such as `processor`; of what was asked with `case.` before it.
    public var key: String
    /// The first run's value; `nil` where it has none.
    public var first: String?
    /// Another run's.
    public var other: String?

    /// Memberwise.
    public init(key: String, first: String?, other: String?) {
        self.key = key
        self.first = first
        self.other = other
    }

    /// The keys whose values differ.
    ///
    /// - Parameters:
    ///   - equal: whether the hashes are, in which case nothing differs.
    ///   - whole: the key to name when the hashes differ and no key tells why.
    static func between(
        _ first: [String: String], _ other: [String: String], equal: Bool, prefix: String,
        whole: String
    ) -> [ContextDifference] {
        guard !equal else { return [] }
        let keys = Set(first.keys).union(other.keys).filter { first[$0] != other[$0] }
        guard !keys.isEmpty else {
            return [ContextDifference(key: whole, first: nil, other: nil)]
        }
        return keys.sorted().map {
            ContextDifference(key: prefix + $0, first: first[$0], other: other[$0])
        }
    }
}
