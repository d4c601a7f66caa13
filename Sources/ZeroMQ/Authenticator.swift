import Foundation
import Synchronization

/// Decides for every CURVE server socket of a context who is let in: the ZAP handler of RFC 27,
/// with a thread of its own. Must be there before such a socket binds.
public final class Authenticator: Sendable {
    private let desk: AuthenticatorDesk

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - reload: asked about once a second for a list in place of the present one; `nil` when
    ///     nothing changed. Called by the authenticator's thread, as the next.
    ///   - onRefusal: hears of every peer that is not let in.
    /// - Throws: `ZeroMQError`: EADDRINUSE when the context has an authenticator already.
    public init(
        in context: Context, allowed: AllowList,
        reload: @escaping @Sendable () -> AllowList? = { nil },
        onRefusal: @escaping @Sendable (Refusal) -> Void
    ) throws(ZeroMQError) {
        desk = AuthenticatorDesk(
            context: context, allowed: allowed, reload: reload, onRefusal: onRefusal)
        let thread = Thread { [desk] in desk.run() }
        thread.name = "authenticator"
        thread.start()
        if let error = desk.awaitStart(withinMilliseconds: 5_000) { throw error }
    }

    deinit {
        close()
    }

    /// Replaces the list: for new connections, and for `allows`.
    public func replace(_ allowed: AllowList) {
        desk.allowed.withLock { $0 = allowed }
    }

    /// Whether the sender of a message, as `Socket.receiveIdentified` names it, is still let in: a
    /// connection outlives the revocation of its key.
    public func allows(_ user: String?, in domain: String) -> Bool {
        guard let user else { return false }
        return desk.allowed.withLock { $0.allows(user: user, in: domain) }
    }

    /// Ends the thread; afterwards nobody is let in. Waits a second at most.
    public func close() {
        desk.stop()
    }
}

/// What the authenticator's thread shares with everybody else.
private final class AuthenticatorDesk: Sendable {
    let allowed: Mutex<AllowList>
    private let context: Context
    private let reload: @Sendable () -> AllowList?
    private let onRefusal: @Sendable (Refusal) -> Void
    private let isStopped = Atomic(false)
    private let trouble = Mutex<ZeroMQError?>(nil)
    private let started = DispatchSemaphore(value: 0)
    private let finished = DispatchSemaphore(value: 0)

    private static let sliceMilliseconds = 50
    private static let reloadInterval = Duration.seconds(1)
    /// An unknown key may be a new one, and who is refused once does not ask again; but strangers
    /// must not make us read the list all the time.
    private static let earlyReloadInterval = Duration.milliseconds(50)

    init(
        context: Context, allowed: AllowList, reload: @escaping @Sendable () -> AllowList?,
        onRefusal: @escaping @Sendable (Refusal) -> Void
    ) {
        self.context = context
        self.allowed = Mutex(allowed)
        self.reload = reload
        self.onRefusal = onRefusal
    }

    func awaitStart(withinMilliseconds: Int) -> ZeroMQError? {
        guard started.wait(timeout: .now() + .milliseconds(withinMilliseconds)) == .success else {
            return ZeroMQError("zmq_bind", ZAPRequest.endpoint, code: ETIMEDOUT)
        }
        return trouble.withLock { $0 }
    }

    func stop() {
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        _ = finished.wait(timeout: .now() + .seconds(1))
    }

    func run() {
        defer { finished.signal() }
        var isOpen = false
        do throws(ZeroMQError) {
            let door = try Socket(
                .router, in: context,
                options: SocketOptions(
                    sendTimeoutMilliseconds: 0, receiveTimeoutMilliseconds: 0))
            _ = try door.bind(ZAPRequest.endpoint)
            isOpen = true
            started.signal()
            try serve(door)
        } catch {
            // Rather no sockets at all than sockets whose peers nobody judges.
            if isOpen { context.shutdown() }
            trouble.withLock { $0 = error }
            started.signal()
        }
    }

    private func serve(_ door: borrowing Socket) throws(ZeroMQError) {
        let poller = Poller()
        _ = poller.add(door)
        var lastReload = ContinuousClock.now
        while !isStopped.load(ordering: .relaxed) {
            _ = try poller.wait(milliseconds: Self.sliceMilliseconds)
            try answerAll(door, &lastReload)
            reload(unlessSince: &lastReload, Self.reloadInterval)
        }
    }

    private func reload(
        unlessSince last: inout ContinuousClock.Instant, _ interval: Duration
    ) {
        guard ContinuousClock.now - last >= interval else { return }
        last = .now
        if let list = reload() { allowed.withLock { $0 = list } }
    }

    private func judge(
        _ request: ZAPRequest, _ lastReload: inout ContinuousClock.Instant
    ) -> (answer: [[UInt8]], refusal: Refusal?) {
        let verdict = request.judge(by: allowed.withLock { $0 })
        guard verdict.refusal != nil else { return verdict }
        reload(unlessSince: &lastReload, Self.earlyReloadInterval)
        return request.judge(by: allowed.withLock { $0 })
    }

    private func answerAll(
        _ door: borrowing Socket, _ lastReload: inout ContinuousClock.Instant
    ) throws(ZeroMQError) {
        while let parts = try door.receiveParts(wait: false) {
            let answer: [[UInt8]]
            let refusal: Refusal?
            switch ZAPRequest.parse(parts) {
            case .request(let request):
                (answer, refusal) = judge(request, &lastReload)
            case .malformed(let words, let reason):
                answer = words
                refusal = Refusal(
                    mechanism: nil, address: nil, key: nil,
                    reason: "the question about it is malformed: \(reason)")
            case .noise: continue
            }
            _ = try door.send(answer)
            if let refusal { onRefusal(refusal) }
        }
    }
}
