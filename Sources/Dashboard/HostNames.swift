import Foundation

/// The names that a dashboard may be called by. A foreign page can make a name of its own point at
/// this machine (DNS rebinding), and read from a browser here what is answered under it; an address in
/// digits and a name without a dot it cannot.
struct HostNames: Sendable {
    private let isLoopback: Bool
    private let own: Set<String>

    /// The names for a dashboard that listens on a host, and further ones.
    init(listeningOn host: String, _ further: [String]) {
        isLoopback = Self.isLoopback(host)
        own = Set(
            ([host, "localhost"] + further).map { $0.lowercased() }
                + (isLoopback ? [] : [ProcessInfo.processInfo.hostName.lowercased()]))
    }

    /// Whether a request with this authority (`Host` and what is after it) is answered. One without
    /// any comes from no browser.
    func contain(_ authority: String?) -> Bool {
        guard let authority else { return true }
        let host = Self.host(authority).lowercased()
        if own.contains(host) { return true }
        if isLoopback { return Self.isLoopback(host) }
        return Self.bytes(host) != nil || !host.contains(".")
    }

    /// Whether a host, as a URL may name it, is this machine itself.
    static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        guard let bytes = bytes(host) else { return false }
        return bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// An authority without its port.
    private static func host(_ authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end])
        }
        return authority.lastIndex(of: ":").map { String(authority[..<$0]) } ?? authority
    }

    /// The bytes of an address in digits, brackets or not.
    private static func bytes(_ host: String) -> [UInt8]? {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let digits = isBracketed ? String(host.dropFirst().dropLast()) : host
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, digits, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, digits, &sixteen) == 1 ? sixteen : nil
    }
}
