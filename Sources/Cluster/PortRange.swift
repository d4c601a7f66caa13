/// Ports that data sockets may take, where a firewall passes only some.
public struct PortRange: Sendable, Equatable, CustomStringConvertible {
    /// The first and the last one.
    package let ports: ClosedRange<UInt16>

    /// Reads `FIRST-LAST`, or one port.
    ///
    /// - Throws: `ClusterError` with what was found and what is allowed.
    public init(parsing text: String) throws(ClusterError) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            .map { part in part.utf8.allSatisfy { (48...57).contains($0) } ? UInt16(part) : nil }
        guard (1...2).contains(parts.count), let first = parts[0], first > 0,
            let last = parts[parts.count - 1], first <= last
        else {
            throw ClusterError(
                "found \(text.isEmpty ? "nothing" : text); allowed: FIRST-LAST from 1 to 65535, "
                    + "e.g. 42000-42015")
        }
        ports = first...last
    }

    /// `FIRST-LAST`.
    public var description: String { "\(ports.lowerBound)-\(ports.upperBound)" }

    /// The ports, from one of them on round to the one before it.
    package func ports(from start: UInt16) -> [UInt16] {
        Array((start...ports.upperBound)) + (ports.lowerBound..<start)
    }
}
