/// Where a coordinator is asked to listen, `tcp://PLACE:PORT`, in the words that libzmq understands.
///
/// libzmq takes a port that is no port for another one, and a name other than an interface's for a
/// missing device.
package struct ListeningEndpoint: Equatable {
    /// For the socket.
    package let text: String

    /// Reads what `--bind` said.
    ///
    /// - Parameter interfaces: this machine's.
    /// - Throws: `ClusterError` with what was found and what is allowed.
    package init(
        parsing bind: String, interfaces: () -> [LocalInterface] = LocalInterface.all
    ) throws(ClusterError) {
        if bind.hasPrefix("ipc://"), bind.count > 6 {
            text = bind
            return
        }
        let scheme = "tcp://"
        let found = "--bind: found \(bind.isEmpty ? "nothing" : bind)"
        guard bind.hasPrefix(scheme), let colon = bind.lastIndex(of: ":"),
            colon >= bind.index(bind.startIndex, offsetBy: scheme.count)
        else { throw ClusterError("\(found); allowed: tcp://ADDRESS:PORT") }
        let place = String(bind[..<colon].dropFirst(scheme.count))
        let port = String(bind[bind.index(after: colon)...])
        guard port == "*" || UInt16(port) != nil else {
            throw ClusterError(
                "\(found); allowed: a port from 1 to 65535, or * for one of the system's choice")
        }
        let cards = interfaces()
        let address = place == "localhost" ? "127.0.0.1" : place
        let isOwn =
            ["*", "0.0.0.0"].contains(address) || SocketAddress(ipv4: address)?.isLoopback == true
            || cards.contains { $0.name == address || $0.ipv4.contains(address) }
        guard isOwn else {
            throw ClusterError(
                "\(found); allowed: * for all of this machine's addresses, localhost, or an IPv4 "
                    + "address or an interface of it: \(LocalInterface.list(cards))")
        }
        text = "\(scheme)\(address):\(port)"
    }
}
