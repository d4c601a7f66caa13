import ZeroMQ

/// Where a process may listen without keys, and what a client is told that is not let in.
extension Security {
    /// What to do about a network without keys.
    public static let remedy =
        "make keys with 'peerless keys init DIR' and add --keys DIR, or add --insecure where every "
        + "machine of the network is trusted"

    /// Refuses to listen on a network without keys.
    ///
    /// - Throws: `SecurityError` with the two remedies.
    public func requireMayListen(on endpoint: String) throws(SecurityError) {
        guard case .loopback = self, !Self.isLocal(endpoint) else { return }
        throw SecurityError(
            "found \(endpoint), where others of the network could connect, and no keys; "
                + "allowed without keys: tcp://127.0.0.1:PORT; \(Self.remedy)")
    }

    /// Refuses to join a coordinator over a network without keys: the data sockets would listen
    /// there. Looks at the text only, so no name needs to resolve.
    public func requireMayJoin(_ coordinator: String, host: String?) throws(SecurityError) {
        let listening = host.map { "tcp://\($0):*" } ?? coordinator
        guard case .loopback = self, !Self.isLocal(listening) else { return }
        let what = host.map { "--host \($0)" } ?? "--coordinator \(coordinator)"
        throw SecurityError(
            "\(what): the data sockets would listen on a network without keys; "
                + "allowed without keys: a coordinator at tcp://127.0.0.1:PORT; \(Self.remedy)")
    }

    /// Whether only processes of this machine reach an endpoint.
    private static func isLocal(_ endpoint: String) -> Bool {
        guard endpoint.hasPrefix("tcp://") else {
            return endpoint.hasPrefix("ipc://") || endpoint.hasPrefix("inproc://")
        }
        let place = endpoint.dropFirst(6)
        let host = place.lastIndex(of: ":").map { place[..<$0] } ?? place
        if ["localhost", "lo", "[::1]"].contains(host) { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }

    /// Words to add when nobody answers; empty when the handshake was no trouble.
    func explanation(of failure: HandshakeFailure?, role: String) -> String {
        guard let failure else { return "" }
        guard case .keys(let credentials) = self else {
            return "; something there ends the handshake: if it has keys, start this \(role) with "
                + "--keys DIR"
        }
        switch failure {
        case .otherMechanism:
            return "; it has no keys: start it with --keys DIR, or this \(role) without"
        case .notAuthorized:
            return "; it does not let the key \(credentials.own.publicKey) in: copy the .pub file "
                + "of this \(role) into authorized/ of the coordinator's folder of keys"
        case .brokenOff:
            return "; something there ends the handshake: was it started with --keys DIR, and is "
                + "\(credentials.folder.path)/coordinator.pub its public key?"
        }
    }
}
