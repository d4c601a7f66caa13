import Foundation

/// What a host's name resolves to.
package enum NameLookup: Equatable, Sendable {
    /// IPv4 and IPv6 addresses in digits, in the system's order.
    case found(ipv4: [String], ipv6: [String])
    /// In the resolver's words.
    case failed(String)

    /// Asks the system's resolver; blocks for as long as it takes.
    package static func system(_ host: String) -> NameLookup {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else { return .failed(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var ipv4: [String] = []
        var ipv6: [String] = []
        var next = list
        while let entry = next {
            if let raw = entry.pointee.ai_addr, let address = SocketAddress(raw) {
                if address.isIPv4 { ipv4.append(address.text) } else { ipv6.append(address.text) }
            }
            next = entry.pointee.ai_next
        }
        return .found(ipv4: ipv4, ipv6: ipv6)
    }

    /// The IPv4 address that is connected to; for a name that is `::1` alone the C library makes one.
    package var address: String? {
        guard case .found(let ipv4, let ipv6) = self else { return nil }
        return ipv4.first ?? (ipv6.contains("::1") ? "127.0.0.1" : nil)
    }

    /// The loopback address that a name, other than localhost, has on the machine that it means: many
    /// systems give their own name 127.0.1.1.
    package func loopbackOfOwnName(_ host: String) -> String? {
        guard let address, SocketAddress(ipv4: address)?.isLoopback == true,
            SocketAddress(ipv4: host) == nil, host != "localhost", !host.hasPrefix("localhost.")
        else { return nil }
        return address
    }

    /// What is wrong with the name as a coordinator's, or `nil`.
    package func trouble(of host: String) -> String? {
        switch self {
        case .failed(let words): return "\(host) does not resolve (\(words))"
        case .found(_, let ipv6) where address == nil:
            return ipv6.isEmpty
                ? "\(host) resolves to no address"
                : "\(host) resolves to IPv6 addresses only (\(ipv6.joined(separator: ", "))), and "
                    + "Peerless talks over IPv4"
        case .found: return nil
        }
    }
}
