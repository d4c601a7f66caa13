/// Where a coordinator or a peer listens: `tcp://HOST:PORT`.
public struct TCPEndpoint: Equatable, Sendable {
    /// Name or IPv4 address.
    public let host: String
    /// From 1 to 65535.
    public let port: UInt16

    /// From its parts.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `tcp://HOST:PORT`.
    ///
    /// - Throws: `ClusterError` with what was found and what is allowed.
    public init(parsing text: String) throws(ClusterError) {
        let scheme = "tcp://"
        let found = text.isEmpty ? "nothing" : text
        guard text.hasPrefix(scheme), let colon = text.lastIndex(of: ":") else {
            throw ClusterError("found \(found); allowed: tcp://HOST:PORT")
        }
        let host = text[text.index(text.startIndex, offsetBy: scheme.count)...]
            .prefix { $0 != ":" }
        guard text.index(text.startIndex, offsetBy: scheme.count + host.count) == colon else {
            throw ClusterError(
                "found \(found); allowed: tcp://HOST:PORT with a name or an IPv4 address")
        }
        guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            throw ClusterError("found \(found); allowed: a port from 1 to 65535 after the host")
        }
        guard !host.isEmpty, !host.contains(where: { $0 == "/" || $0.isWhitespace }) else {
            throw ClusterError("found \(found); allowed: tcp://HOST:PORT with a host")
        }
        guard !host.contains("*") else {
            throw ClusterError(
                "found \(found), which is where to listen, not where to connect; allowed: "
                    + "tcp://HOST:PORT with a name or an IPv4 address")
        }
        self.init(host: String(host), port: port)
    }

    /// As it is written.
    public var text: String { "tcp://\(host):\(port)" }
}
