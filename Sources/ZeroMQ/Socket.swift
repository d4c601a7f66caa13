import CZeroMQ
import Glibc

/// A libzmq socket. Not thread-safe, so it cannot be sent or copied: it is made, used and closed
/// (by `deinit`) inside its owner.
public struct Socket: ~Copyable {
    /// The pattern that a socket takes part in.
    public enum Kind: Sendable {
        case pull, push, dealer, router, pair

        var number: Int32 {
            switch self {
            case .pull: ZMQ_PULL
            case .push: ZMQ_PUSH
            case .dealer: ZMQ_DEALER
            case .router: ZMQ_ROUTER
            case .pair: ZMQ_PAIR
            }
        }
    }

    let handle: UnsafeMutableRawPointer
    // The context must outlive the socket, or its termination would wait for ever.
    private let context: Context
    let monitor: SocketMonitor?

    /// Makes a socket with every option set.
    public init(
        _ kind: Kind, in context: Context, options: SocketOptions = SocketOptions()
    ) throws(ZeroMQError) {
        (handle, monitor) = try Self.open(kind, context, options)
        self.context = context
    }

    private static func open(
        _ kind: Kind, _ context: Context, _ options: SocketOptions
    ) throws(ZeroMQError) -> (UnsafeMutableRawPointer, SocketMonitor?) {
        guard let handle = zmq_socket(context.handle, kind.number) else {
            throw ZeroMQError("zmq_socket", "\(kind)")
        }
        do throws(ZeroMQError) {
            try set(handle, ZMQ_LINGER, options.lingerMilliseconds)
            try set(handle, ZMQ_SNDHWM, options.sendHighWaterMark)
            try set(handle, ZMQ_RCVHWM, options.receiveHighWaterMark)
            try set(handle, ZMQ_SNDTIMEO, options.sendTimeoutMilliseconds)
            try set(handle, ZMQ_RCVTIMEO, options.receiveTimeoutMilliseconds)
            try set(handle, ZMQ_MAXMSGSIZE, options.longestPartOnTheWay)
            let mandatory: Int32 = options.routerMandatory ? 1 : 0
            if kind == .router {
                try set(handle, ZMQ_ROUTER_MANDATORY, mandatory)
                // A peer that comes back under its name is the same peer.
                try set(handle, ZMQ_ROUTER_HANDOVER, Int32(1))
            }
            try set(handle, ZMQ_RECONNECT_IVL_MAX, options.reconnectMaximumMilliseconds)
            if let name = options.routingID { try set(handle, ZMQ_ROUTING_ID, text: name) }
            try set(handle, options.curve)
            let reports = options.reportsHandshakes
            return (handle, reports ? try SocketMonitor(of: handle, in: context) : nil)
        } catch {
            zmq_close(handle)
            throw error
        }
    }

    deinit {
        if monitor != nil { zmq_socket_monitor(handle, nil, 0) }
        zmq_close(handle)
    }

    /// Binds; the real endpoint, with the port that the system chose for `*`.
    ///
    /// - Throws: `ZeroMQError` naming the endpoint, for example "Address already in use".
    public borrowing func bind(_ endpoint: String) throws(ZeroMQError) -> String {
        guard zmq_bind(handle, endpoint) == 0 else { throw ZeroMQError("zmq_bind", endpoint) }
        var name = [UInt8](repeating: 0, count: 512)
        var length = name.count
        guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &name, &length) == 0 else {
            throw ZeroMQError("zmq_getsockopt", "LAST_ENDPOINT")
        }
        return String(decoding: name.prefix(max(0, length - 1)), as: UTF8.self)
    }

    /// Connects; peers that are not there yet are found later.
    public borrowing func connect(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_connect(handle, endpoint) == 0 else { throw ZeroMQError("zmq_connect", endpoint) }
    }

    /// Peers that a server socket did not let in since the last call, other than those whose key
    /// the `Authenticator` refused and told.
    public borrowing func takeRefusals() throws(ZeroMQError) -> [Refusal] {
        try monitor?.takeRefusals() ?? []
    }

    /// Why a client was not let in lately; `nil` when it was, or has not heard yet.
    public borrowing func latestHandshakeFailure() throws(ZeroMQError) -> HandshakeFailure? {
        try monitor?.latestFailure()
    }

    /// Sends one part; false when it could not be queued in time.
    public borrowing func send(
        _ part: UnsafeRawBufferPointer, more: Bool, wait: Bool
    ) throws(ZeroMQError) -> Bool {
        let flags = (more ? ZMQ_SNDMORE : 0) | (wait ? 0 : ZMQ_DONTWAIT)
        while zmq_send(handle, part.baseAddress, part.count, flags) < 0 {
            if zmq_errno() == EAGAIN { return false }
            guard zmq_errno() == EINTR else { throw ZeroMQError("zmq_send") }
        }
        return true
    }

    /// Sends all parts of a message, waiting as long as the send timeout; false when the first
    /// could not be queued.
    public borrowing func send(_ parts: [[UInt8]]) throws(ZeroMQError) -> Bool {
        for (position, part) in parts.enumerated() {
            let more = position < parts.count - 1
            guard try send(part.span.bytes, more: more) else { return false }
        }
        return true
    }

    private borrowing func send(_ part: RawSpan, more: Bool) throws(ZeroMQError) -> Bool {
        let flags = more ? ZMQ_SNDMORE : 0
        while true {
            let sent = part.withUnsafeBytes { zmq_send(handle, $0.baseAddress, $0.count, flags) }
            if sent >= 0 { return true }
            if zmq_errno() == EAGAIN { return false }
            guard zmq_errno() == EINTR else { throw ZeroMQError("zmq_send") }
        }
    }

    /// Receives one part, or `nil` when none came in time.
    public borrowing func receive(wait: Bool) throws(ZeroMQError) -> Message? {
        let message = Message()
        return try receive(into: message, wait: wait) ? message : nil
    }

    /// Receives one part in place of what the message held; false when none came in time.
    public borrowing func receive(into message: Message, wait: Bool) throws(ZeroMQError) -> Bool {
        while message.receive(from: handle, flags: wait ? 0 : ZMQ_DONTWAIT) < 0 {
            if zmq_errno() == EAGAIN { return false }
            guard zmq_errno() == EINTR else { throw ZeroMQError("zmq_msg_recv") }
        }
        return true
    }

    /// Parts of a message that are kept: more than any of ours or of ZAP's has.
    private static let maximumParts = 64

    /// Receives all parts of a message, or `nil` when none came in time; of a stranger's endless
    /// message no more than a few.
    public borrowing func receiveParts(wait: Bool) throws(ZeroMQError) -> [[UInt8]]? {
        try receiveIdentified(wait: wait)?.parts
    }

    /// Receives all parts of a message and who sent them, as `Message` tells; `nil` when none
    /// came in time.
    public borrowing func receiveIdentified(
        wait: Bool
    ) throws(ZeroMQError) -> (parts: [[UInt8]], user: String?, address: String?)? {
        guard var part = try receive(wait: wait) else { return nil }
        var parts = [[UInt8](part.bytes)]
        while part.more, let next = try receive(wait: true) {
            part = next
            if parts.count < Self.maximumParts { parts.append([UInt8](part.bytes)) }
        }
        // A router makes the first part itself; the last one came from the peer.
        return (parts, part.user, part.address)
    }

    private static func set(
        _ handle: UnsafeMutableRawPointer, _ option: Int32, text: String
    ) throws(ZeroMQError) {
        guard zmq_setsockopt(handle, option, text, text.utf8.count) == 0 else {
            throw ZeroMQError("zmq_setsockopt", "option \(option)")
        }
    }

    static func set<Value: BitwiseCopyable>(
        _ handle: UnsafeMutableRawPointer, _ option: Int32, _ value: Value
    ) throws(ZeroMQError) {
        var value = value
        guard zmq_setsockopt(handle, option, &value, MemoryLayout<Value>.size) == 0 else {
            throw ZeroMQError("zmq_setsockopt", "option \(option)")
        }
    }
}
