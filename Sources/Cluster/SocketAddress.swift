import Foundation

/// An internet address as the system's calls take it.
struct SocketAddress: Equatable {
    /// Whether it is IPv4; else IPv6.
    let isIPv4: Bool
    /// In digits, e.g. `10.0.0.5`.
    let text: String

    /// An IPv4 address in digits; `nil` for anything else, names included.
    init?(ipv4 text: String) {
        var address = in_addr()
        // The call reads up to the first zero byte, which a text may go on behind.
        guard !text.utf8.contains(0), inet_pton(AF_INET, text, &address) == 1 else { return nil }
        self.init(isIPv4: true, text: text)
    }

    /// What a system call has filled in; `nil` for other families.
    init?(_ address: UnsafePointer<sockaddr>) {
        let family = Int32(address.pointee.sa_family)
        guard family == AF_INET || family == AF_INET6 else { return nil }
        let length =
            family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let done = getnameinfo(
            address, socklen_t(length), &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
        guard done == 0 else { return nil }
        self.init(isIPv4: family == AF_INET, text: Self.string(name))
    }

    private init(isIPv4: Bool, text: String) {
        self.isIPv4 = isIPv4
        self.text = text
    }

    /// Whether it never leaves the machine.
    var isLoopback: Bool { isIPv4 ? text.hasPrefix("127.") : text == "::1" }

    /// Calls `body` with this IPv4 address and a port as the system takes them.
    func withIPv4<Result>(
        port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// The local IPv4 address and port of a socket.
    static func local(of descriptor: Int32) -> (address: SocketAddress, port: UInt16)? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                guard getsockname(descriptor, raw, &length) == 0, let found = SocketAddress(raw)
                else { return nil }
                return (found, UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }
    }

    /// A C string's bytes up to its end.
    static func string(_ bytes: [CChar]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
