import Foundation

/// Which of this machine's addresses a daemon's data socket binds to and peers connect to: that of
/// the route to the coordinator, loopback only when the coordinator was named by loopback.
package struct HostAddress {
    /// How the kernel would send to an address.
    package enum Route: Equatable, Sendable {
        /// From this address of ours.
        case from(String)
        /// Not at all, in the kernel's words.
        case none(String)
    }

    /// This machine's interfaces.
    package var interfaces: () -> [LocalInterface] = LocalInterface.all
    /// What a name resolves to.
    package var lookUp: (String) -> NameLookup = NameLookup.system
    /// The route to an IPv4 address.
    package var route: (String) -> Route = Self.systemRoute

    /// Of this machine, unless the properties are changed.
    package init() {}

    /// The address to use.
    ///
    /// - Parameters:
    ///   - host: what `--host` said: an IPv4 address or an interface of this machine.
    ///   - coordinator: where the coordinator listens, `tcp://HOST:PORT`.
    /// - Throws: `ClusterError` with what was found and what to do.
    package static func advertised(
        host: String?, coordinator: String
    ) throws(ClusterError) -> String {
        if let host { return try HostAddress().own(host) }
        return try HostAddress().reaching(TCPEndpoint(parsing: coordinator))
    }

    /// The address that an argument names.
    package func own(_ host: String) throws(ClusterError) -> String {
        let cards = interfaces()
        let allowed = "allowed: an address or an interface of this machine"
        if let card = cards.first(where: { $0.name == host }) {
            guard let address = card.ipv4.first else {
                throw ClusterError(
                    "--host: \(host) has no IPv4 address, and Peerless talks over IPv4; \(allowed): "
                        + LocalInterface.list(cards))
            }
            return address
        }
        let isLoopback = SocketAddress(ipv4: host)?.isLoopback ?? false
        guard isLoopback || cards.contains(where: { $0.ipv4.contains(host) }) else {
            let found = host.isEmpty ? "nothing" : host
            throw ClusterError(
                "--host: found \(found); \(allowed): \(LocalInterface.list(cards))")
        }
        return host
    }

    /// The local address of the route to a coordinator.
    package func reaching(_ coordinator: TCPEndpoint) throws(ClusterError) -> String {
        let answer = lookUp(coordinator.host)
        if let trouble = answer.trouble(of: coordinator.host) { throw failure(trouble) }
        if let loopback = answer.loopbackOfOwnName(coordinator.host) {
            return try seenByOthers("\(coordinator.host) is \(loopback) here")
        }
        guard let remote = answer.address, SocketAddress(ipv4: remote)?.isLoopback == false else {
            return "127.0.0.1"
        }
        switch route(remote) {
        case .none(let words):
            throw failure("there is no route to \(Self.name(coordinator.host, remote)) (\(words))")
        case .from(let local) where SocketAddress(ipv4: local)?.isLoopback ?? true:
            throw failure(
                "the route to \(Self.name(coordinator.host, remote)) starts at \(local), where no "
                    + "other machine can answer")
        case .from(let local): return local
        }
    }

    /// This machine's address for other machines: its only one, else that of the default route.
    ///
    /// - Parameter reason: why it is asked for.
    private func seenByOthers(_ reason: String) throws(ClusterError) -> String {
        let addresses = interfaces().filter(\.isUp).flatMap(\.ipv4).filter {
            SocketAddress(ipv4: $0)?.isLoopback == false
        }
        guard addresses.count > 1 else { return addresses.first ?? "127.0.0.1" }
        guard case .from(let local) = route(Self.elsewhere), addresses.contains(local) else {
            throw failure("\(reason), and this machine has several others")
        }
        return local
    }

    /// On no network of ours: set aside for documentation. Nothing is sent there.
    private static let elsewhere = "203.0.113.1"

    private func failure(_ words: String) -> ClusterError {
        ClusterError(
            "which address peers should use is not known: \(words); check the coordinator's "
                + "address, or name one of this machine's with --host: "
                + LocalInterface.list(interfaces()))
    }

    /// A name with its address, when they differ.
    package static func name(_ host: String, _ address: String) -> String {
        host == address ? host : "\(host) (\(address))"
    }

    /// Asks the kernel. Connecting a datagram socket sends nothing; it only chooses a route.
    package static func systemRoute(to address: String) -> Route {
        guard let remote = SocketAddress(ipv4: address) else { return .none("no IPv4 address") }
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return .none(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard remote.withIPv4(port: 9, { connect(descriptor, $0, $1) }) == 0 else {
            return .none(String(cString: strerror(errno)))
        }
        guard let local = SocketAddress.local(of: descriptor) else {
            return .none(String(cString: strerror(errno)))
        }
        return .from(local.address.text)
    }
}
