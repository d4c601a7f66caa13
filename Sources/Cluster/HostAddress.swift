import Foundation

/// Which of this machine's addresses peers should use.
enum HostAddress {
    /// The local address of the route to an endpoint such as `tcp://10.0.0.5:5555`; loopback when
    /// the coordinator is on this machine.
    static func reaching(_ endpoint: String) -> String {
        let loopback = "127.0.0.1"
        guard let (host, port) = parts(of: endpoint) else { return loopback }
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &found) == 0, let found else { return loopback }
        defer { freeaddrinfo(found) }
        // Connecting a datagram socket sends nothing; it only makes the kernel choose a route.
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return loopback }
        defer { close(descriptor) }
        guard connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
            return loopback
        }
        return localAddress(of: descriptor) ?? loopback
    }

    private static func parts(of endpoint: String) -> (host: String, port: String)? {
        guard endpoint.hasPrefix("tcp://"), let colon = endpoint.lastIndex(of: ":") else {
            return nil
        }
        let host = endpoint[endpoint.index(endpoint.startIndex, offsetBy: 6)..<colon]
        return (String(host), String(endpoint[endpoint.index(after: colon)...]))
    }

    private static func localAddress(of descriptor: Int32) -> String? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutableBytes(of: &address) { raw in
            raw.baseAddress.map {
                getsockname(descriptor, $0.assumingMemoryBound(to: sockaddr.self), &length)
            }
        }
        var text = [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN))
        guard named == 0,
            inet_ntop(AF_INET, &address.sin_addr, &text, socklen_t(text.count)) != nil
        else { return nil }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
