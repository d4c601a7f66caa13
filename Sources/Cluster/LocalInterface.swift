import Foundation

/// A network interface of this machine.
package struct LocalInterface: Equatable, Sendable {
    /// As the system names it, e.g. `eth0`.
    package var name: String
    /// IPv4 addresses in digits.
    package var ipv4: [String]
    /// Whether it has IPv6 addresses.
    package var hasIPv6: Bool
    /// Whether it is up.
    package var isUp: Bool

    /// Memberwise.
    package init(name: String, ipv4: [String], hasIPv6: Bool = false, isUp: Bool = true) {
        self.name = name
        self.ipv4 = ipv4
        self.hasIPv6 = hasIPv6
        self.isUp = isUp
    }

    /// Every interface that has an address, in the system's order.
    package static func all() -> [LocalInterface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: [LocalInterface] = []
        var next = list
        while let entry = next {
            next = entry.pointee.ifa_next
            guard let raw = entry.pointee.ifa_addr, let address = SocketAddress(raw) else {
                continue
            }
            let name = String(cString: entry.pointee.ifa_name)
            let position = found.firstIndex { $0.name == name } ?? found.count
            if position == found.count {
                let isUp = entry.pointee.ifa_flags & UInt32(IFF_UP) != 0
                found.append(LocalInterface(name: name, ipv4: [], isUp: isUp))
            }
            if address.isIPv4 {
                found[position].ipv4.append(address.text)
            } else {
                found[position].hasIPv6 = true
            }
        }
        return found
    }

    /// The largest packet in bytes, or `nil` where the system does not tell.
    package var mtuBytes: Int? {
        let path = "/sys/class/net/\(name)/mtu"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// All of them in one line for people: `lo 127.0.0.1, eth0 10.0.0.5`.
    package static func list(_ interfaces: [LocalInterface]) -> String {
        let words = interfaces.flatMap { card in card.ipv4.map { "\(card.name) \($0)" } }
        return words.isEmpty ? "no IPv4 address at all" : words.joined(separator: ", ")
    }
}
