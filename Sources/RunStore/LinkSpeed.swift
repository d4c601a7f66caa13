/// An emulated link, from its words in a run's row, such as `1gbit 200us`.
package struct LinkSpeed {
    /// Of a node's card; `nil` where only a latency is emulated.
    package private(set) var bitsPerSecond: Double?

    /// `nil` for the bare machine.
    package init?(_ text: String?) {
        guard let text else { return nil }
        let units = [("gbit", 1e9), ("mbit", 1e6), ("kbit", 1e3), ("bit", 1)]
        for word in text.split(separator: " ") where bitsPerSecond == nil {
            guard let (unit, factor) = units.first(where: { word.hasSuffix($0.0) }) else {
                continue
            }
            bitsPerSecond = Double(word.dropLast(unit.count)).map { $0 * factor }
        }
    }
}
