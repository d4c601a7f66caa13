import Dispatch
public import Logging

/// Says early, and at the end of the patience, when a coordinator's name is what is wrong.
public enum CoordinatorLookout {
    /// Looks the name up beside everything else, and warns when it leads nowhere; where it leads to
    /// loopback, says which address peers are told.
    ///
    /// - Parameter host: the address that peers are told, where that was said.
    public static func warn(
        of endpoint: String, host: String?, untilSeconds: Int, logger: Logger
    ) {
        DispatchQueue.global().async {
            guard let coordinator = try? TCPEndpoint(parsing: endpoint) else { return }
            let answer = NameLookup.system(coordinator.host)
            if let trouble = answer.trouble(of: coordinator.host) {
                logger.warning("\(trouble); trying again for \(untilSeconds) s (--connect-timeout)")
            } else if host == nil, let note = ownNameNote(coordinator, answer, HostAddress()) {
                logger.warning("\(note)")
            }
        }
    }

    /// What to say where a coordinator's name is loopback on this machine, or `nil`.
    package static func ownNameNote(
        _ coordinator: TCPEndpoint, _ answer: NameLookup, _ machine: HostAddress
    ) -> String? {
        guard let loopback = answer.loopbackOfOwnName(coordinator.host) else { return nil }
        do throws(ClusterError) {
            let told = try machine.reaching(coordinator)
            return "\(coordinator.host) is \(loopback) here; peers are told \(told), unless --host "
                + "says otherwise"
        } catch {
            return error.description
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
}
