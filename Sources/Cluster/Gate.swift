import Logging
import Synchronization
import ZeroMQ

/// A process's authenticator, and what it refused in words; does nothing without keys. Must be there
/// before the sockets of its context bind.
final class Gate: Sendable {
    private struct Desk {
        var log = RefusalLog()
        var reports: [RefusedPeer] = []
    }

    /// What the authenticator's thread writes and the socket's owner reads.
    private final class SharedDesk: Sendable {
        private let folder: KeyFolder?
        private let logger: Logger?
        private let state = Mutex(Desk())

        /// - Parameter logger: hears of refusals in place of whoever takes them.
        init(_ folder: KeyFolder? = nil, logger: Logger? = nil) {
            self.folder = folder
            self.logger = logger
        }

        /// A peer that an authenticator or a socket did not let in.
        func note(_ refusal: Refusal) {
            let name = refusal.key.flatMap { folder?.revokedName(of: $0) }
            var refusal = refusal
            if let name { refusal.reason = "the key '\(name)' is revoked" }
            note(refusal, name)
        }

        func note(_ refusal: Refusal, _ name: String?) {
            let now = Double(MonotonicClock.now()) / 1e9
            let report = state.withLock { $0.log.take(refusal, name: name, now: now) }
            if let report { file(report) }
        }

        /// A peer whose messages are not heard; it may send very many, so its key's name is looked
        /// up for reports only.
        func noteUnheard(_ refusal: Refusal) {
            let now = Double(MonotonicClock.now()) / 1e9
            let report = state.withLock { $0.log.take(refusal, name: nil, now: now) }
            guard var report else { return }
            report.name = refusal.key.flatMap { folder?.revokedName(of: $0) }
            file(report)
        }

        private func file(_ report: RefusedPeer) {
            if let logger { return logger.warning("\(report.detail)") }
            state.withLock { state in
                if state.reports.count < Gate.mostReports { state.reports.append(report) }
            }
        }

        func take() -> [RefusedPeer] {
            state.withLock { state in
                defer { state.reports = [] }
                return state.reports
            }
        }
    }

    /// Reports that wait to be fetched at most.
    private static let mostReports = 1_000

    private let desk: SharedDesk
    private let authenticator: Authenticator?
    private let ring: KeyRing?

    /// - Parameter logsRefusals: whether refusals go to the logger; else `takeRefused` gives them.
    /// - Throws: `ZeroMQError` when the authenticator cannot be had.
    init(
        _ security: Security, in context: Context, logger: Logger, logsRefusals: Bool
    ) throws(ZeroMQError) {
        guard case .keys(let credentials) = security, let ring = credentials.ring else {
            desk = SharedDesk()
            authenticator = nil
            ring = nil
            return
        }
        let desk = SharedDesk(credentials.folder, logger: logsRefusals ? logger : nil)
        self.desk = desk
        self.ring = ring
        authenticator = try Authenticator(
            in: context, allowed: ring.current,
            reload: { ring.refreshed { logger.warning("\($0)") } },
            onRefusal: { desk.note($0) })
    }

    /// Whether the sender of a control message is let in now: a revoked key's connection stays, and
    /// what it says is not heard.
    func admits(_ user: String?) -> Bool {
        guard let ring else { return true }
        return ring.allows(user, in: SocketDomain.control)
    }

    /// A peer whose message was not heard: it was let in once, and its connection is still there.
    func noteUnheard(_ user: String?, at address: String?) {
        desk.noteUnheard(
            Refusal(
                mechanism: nil, address: address, key: user.flatMap { CurvePublicKey($0) },
                reason: "its key is on the list no more, and what it says is not heard"))
    }

    /// Whether peers have to show keys.
    var hasKeys: Bool { ring != nil }

    /// Whether a key belongs to a daemon of a role.
    func admits(_ user: String?, as role: String) -> Bool {
        ring?.allows(user, in: role) ?? true
    }

    /// A peer whose words were refused, though it was let in.
    func note(_ refusal: Refusal, of name: String?) { desk.note(refusal, name) }

    /// Who was refused since the last call, at the authenticator, at this socket or for its words.
    func takeRefused(from socket: borrowing Socket) throws(ZeroMQError) -> [RefusedPeer] {
        for refusal in try socket.takeRefusals() { desk.note(refusal) }
        return desk.take()
    }
}
