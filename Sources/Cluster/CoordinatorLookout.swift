import Dispatch
public import Logging

/// Says early, and at the end of the patience, when a coordinator's name is what is wrong.
public enum CoordinatorLookout {
    /// Looks the name up beside everything else, and warns when it leads nowhere or, on a machine
    /// with other addresses, to loopback.
    public static func warn(of endpoint: String, untilSeconds: Int, logger: Logger) {
        DispatchQueue.global().async {
            guard let host = try? TCPEndpoint(parsing: endpoint).host else { return }
            let answer = NameLookup.system(host)
            if let trouble = answer.trouble(of: host) {
                logger.warning("\(trouble); trying again for \(untilSeconds) s (--connect-timeout)")
            } else if let note = loopbackNote(host, answer) {
                logger.warning("\(note)")
            }
        }
    }

    /// What to say when nobody has answered at an endpoint for some seconds.
    package static func silence(
        at endpoint: String, seconds: Int, lookUp: (String) -> NameLookup = NameLookup.system
    ) -> String {
        let nobody = "no coordinator at \(endpoint) for \(seconds) s"
        if let host = try? TCPEndpoint(parsing: endpoint).host,
            let trouble = lookUp(host).trouble(of: host)
        {
            return "\(nobody): \(trouble); check the name, or give the coordinator's IPv4 address"
        }
        return "\(nobody); \(start(at: endpoint)); "
            + "see what is wrong with: peerless doctor --coordinator \(endpoint)"
    }

    /// What starts a coordinator where one is looked for.
    private static func start(at endpoint: String) -> String {
        guard let place = try? TCPEndpoint(parsing: endpoint) else {
            return "start one with: peerless coordinator --bind \(endpoint)"
        }
        let isHere =
            place.host == "localhost" || SocketAddress(ipv4: place.host)?.isLoopback == true
        return isHere
            ? "start one with: peerless coordinator --bind \(endpoint)"
            : "start one on \(place.host) with: peerless coordinator --bind tcp://*:\(place.port) "
                + "--keys DIR"
    }

    /// A name, other than localhost, that this machine takes for itself by loopback.
    package static func loopbackNote(_ host: String, _ answer: NameLookup) -> String? {
        guard case .found(let ipv4, _) = answer, let first = ipv4.first, host != "localhost",
            SocketAddress(ipv4: host) == nil, SocketAddress(ipv4: first)?.isLoopback == true
        else { return nil }
        return "\(host) is \(first) here, so peers on other machines cannot reach this one; if "
            + "there are any, name this machine's address with --host"
    }
}
