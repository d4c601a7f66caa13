import Foundation
import ZeroMQ

/// Two processes that send one message to and fro over bare sockets: what a round of a collective
/// over the same sockets is measured against.
struct PingPong: ~Copyable {
    private static let rounds = 200
    private static let warmUp = 20
    private static let deadlineMilliseconds: Int32 = 20_000

    private let isFirst: Bool
    private let inbox: Socket
    private let outbox: Socket

    /// - Parameter exchange: tells the other process this one's endpoint; the other's.
    init(
        isFirst: Bool, over transport: DataTransport, in context: Context, security: Security,
        exchange: (String) throws -> String
    ) throws {
        let options = SocketOptions(
            sendTimeoutMilliseconds: Self.deadlineMilliseconds,
            receiveTimeoutMilliseconds: Self.deadlineMilliseconds)
        let inbox = try Socket(.pull, in: context, options: security.letsPeersIn(options))
        let own = security.announced(
            try inbox.bind(transport.bindEndpoint(host: "127.0.0.1")))
        let peer = try security.towardsPeer(try exchange(own), options)
        let outbox = try Socket(.push, in: context, options: peer.options)
        try outbox.connect(peer.endpoint)
        self.isFirst = isFirst
        self.inbox = inbox
        self.outbox = outbox
    }

    /// Round trips of a message, in nanoseconds.
    borrowing func roundTrips(bytes: Int) throws -> [UInt64] {
        let payload = [UInt8](repeating: 0, count: bytes)
        var times: [UInt64] = []
        for _ in 0..<(Self.rounds + Self.warmUp) {
            let start = MonotonicClock.now()
            if isFirst { try send(payload) }
            guard try inbox.receive(wait: true) != nil else {
                throw ClusterError("no message came within \(Self.deadlineMilliseconds) ms")
            }
            if !isFirst { try send(payload) }
            times.append(MonotonicClock.now() - start)
        }
        return Array(times.dropFirst(Self.warmUp))
    }

    private borrowing func send(_ payload: [UInt8]) throws {
        guard try outbox.send([payload]) else {
            throw ClusterError("no message was taken within \(Self.deadlineMilliseconds) ms")
        }
    }
}
