import Foundation
import ZeroMQ

/// How a process's sockets are protected.
public enum Security: Sendable {
    /// Not at all, and so on this machine only.
    case loopback
    /// Not at all, on a network whose every machine is trusted.
    case insecure
    /// By CURVE: encrypted, and both ends prove who they are.
    case keys(Credentials)
}

/// What a process with keys proves and believes.
public struct Credentials: Sendable {
    let folder: KeyFolder
    let own: CurveKeyPair
    let coordinator: CurvePublicKey
    /// Who is let in; `nil` for a client, which lets nobody in.
    let ring: KeyRing?

    /// Reads a folder as a process of a role needs it.
    ///
    /// - Throws: `SecurityError` that names the file and what to do.
    public init(folder: KeyFolder, role: KeyRole) throws(SecurityError) {
        try folder.check()
        self.folder = folder
        let file = try folder.own(role)
        guard Capabilities.hasCurve, let secret = file.secretKey,
            let pair = try? CurveKeyPair(secret)
        else {
            throw SecurityError(
                "--keys: this libzmq (\(Capabilities.version)) has no CURVE; use one that was built "
                    + "with libsodium, or leave --keys out")
        }
        own = pair
        coordinator = role == .coordinator ? pair.publicKey : try folder.coordinatorKey()
        ring = role == .client ? nil : try KeyRing(folder)
    }
}

extension Security {
    /// What the libzmq of this machine can do, in words.
    public static var capabilities: String {
        "\(Capabilities.version), \(Capabilities.hasCurve ? "with" : "without") CURVE (--keys)"
    }

    /// Options of the coordinator's socket.
    func letsDaemonsIn(_ options: SocketOptions) -> SocketOptions {
        guard case .keys = self else { return options }
        var options = server(options, in: SocketDomain.control)
        options.reportsHandshakes = true
        return options
    }

    /// Options of a socket towards the coordinator.
    func towardsCoordinator(_ options: SocketOptions) -> SocketOptions {
        var options = options
        options.reportsHandshakes = true
        guard case .keys(let credentials) = self else { return options }
        options.curve = .client(server: credentials.coordinator, credentials.own)
        return options
    }

    /// Options of the socket where frames arrive.
    func letsPeersIn(_ options: SocketOptions) -> SocketOptions {
        server(options, in: SocketDomain.data)
    }

    /// What peers are told of an endpoint: with keys, also whose it is. `;` is in no key.
    func announced(_ endpoint: String) -> String {
        guard case .keys(let credentials) = self else { return endpoint }
        return "\(endpoint);\(credentials.own.publicKey)"
    }

    /// Endpoint and options of a socket towards a peer, as it announced itself.
    ///
    /// - Throws: `SecurityError` when only one side has keys, or the peer's is not on the list.
    func towardsPeer(
        _ announced: String, _ options: SocketOptions
    ) throws(SecurityError) -> (endpoint: String, options: SocketOptions) {
        let parts = announced.split(separator: ";", maxSplits: 1).map(String.init)
        guard case .keys(let credentials) = self else {
            guard parts.count == 1 else {
                throw SecurityError(
                    "a peer at \(parts.first ?? "") has keys and this node has none; "
                        + "start every daemon with --keys DIR")
            }
            return (announced, options)
        }
        guard parts.count == 2, let key = CurvePublicKey(parts[1]) else {
            throw SecurityError(
                "a peer at \(parts.first ?? "") has no keys and this node has some; "
                    + "start every daemon with --keys DIR")
        }
        guard credentials.ring?.current.allows(key, in: SocketDomain.data) == true else {
            throw SecurityError(
                "the key \(key) of a peer at \(parts[0]) is not on the list; copy its .pub file "
                    + "into \(credentials.folder.authorizedPath)")
        }
        var options = options
        options.curve = .client(server: key, credentials.own)
        return (parts[0], options)
    }

    /// Whether a frame's sender is let in now; everybody is without keys.
    func admits(_ message: Message) -> Bool {
        guard case .keys(let credentials) = self else { return true }
        return credentials.ring?.allows(message.user, in: SocketDomain.data) == true
    }

    private func server(_ options: SocketOptions, in domain: String) -> SocketOptions {
        guard case .keys(let credentials) = self else { return options }
        var options = options
        options.curve = .server(credentials.own.secretKey, zapDomain: domain)
        return options
    }
}
