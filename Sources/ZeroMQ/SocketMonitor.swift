import CZeroMQ
import Foundation

/// What libzmq tells about a socket's connections.
package enum SocketEvent: Equatable {
    /// Somebody connected; the descriptor of the connection.
    case accepted(Int32)
    /// A connection ended; its descriptor.
    case disconnected(Int32)
    case handshakeSucceeded
    /// A protocol error's number.
    case handshakeFailed(UInt32)
    /// The status of the authenticator: 300, 400 or 500.
    case notAuthorized(UInt32)
    /// The connection ended in the middle; an error number.
    case handshakeEnded(Int32)

    /// The two parts of an event; `nil` for other events and other bytes.
    package init?(_ parts: [[UInt8]]) {
        guard parts.count == 2, parts[0].count == 6 else { return nil }
        let number = parts[0].withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) }
        let value = parts[0].withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: 2, as: UInt32.self)
        }
        switch Int32(number) {
        case ZMQ_EVENT_ACCEPTED: self = .accepted(Int32(bitPattern: value))
        case ZMQ_EVENT_DISCONNECTED: self = .disconnected(Int32(bitPattern: value))
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: self = .handshakeSucceeded
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: self = .handshakeFailed(value)
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: self = .notAuthorized(value)
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
            self = .handshakeEnded(Int32(bitPattern: value))
        default: return nil
        }
    }

    /// The events above.
    static let mask =
        ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED
        | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
        | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
}

/// Reads the events of a socket, which owns it: libzmq waits for ever to tell an event to a reader
/// that has gone, so the reader goes after the socket.
final class SocketMonitor {
    private let socket: Socket
    /// What a poller waits for.
    var handle: UnsafeMutableRawPointer { socket.handle }
    private var handshakes = RefusedHandshakes()
    private var refusals: [Refusal] = []
    private var failure: HandshakeFailure?

    /// Refusals that wait to be fetched at most.
    private static let mostRefusals = 1_000

    /// Makes a socket that neither is bound nor connected tell its events.
    init(of handle: UnsafeMutableRawPointer, in context: Context) throws(ZeroMQError) {
        let name = "inproc://events-\(UUID().uuidString)"
        guard zmq_socket_monitor(handle, name, SocketEvent.mask) == 0 else {
            throw ZeroMQError("zmq_socket_monitor", name)
        }
        do throws(ZeroMQError) {
            // Without a limit: libzmq's own thread would wait for a reader that is slow.
            socket = try Socket(
                .pair, in: context,
                options: SocketOptions(receiveHighWaterMark: 0, receiveTimeoutMilliseconds: 0))
            try socket.connect(name)
        } catch {
            zmq_socket_monitor(handle, nil, 0)
            throw error
        }
    }

    /// Peers that a server socket did not let in since the last call.
    func takeRefusals() throws(ZeroMQError) -> [Refusal] {
        try readAll()
        defer { refusals = [] }
        return refusals
    }

    /// Why a client's latest handshake failed; `nil` after one that succeeded, or before any.
    func latestFailure() throws(ZeroMQError) -> HandshakeFailure? {
        try readAll()
        return failure
    }

    private func readAll() throws(ZeroMQError) {
        while let parts = try socket.receiveParts(wait: false) {
            guard let event = SocketEvent(parts) else { continue }
            failure = HandshakeFailure.after(event, failure)
            guard let refusal = handshakes.take(event), refusals.count < Self.mostRefusals else {
                continue
            }
            refusals.append(refusal)
        }
    }
}

/// Why a client was not let in.
public enum HandshakeFailure: Sendable, Equatable {
    /// One side has keys, the other has none.
    case otherMechanism
    /// The server does not have the client's key on its list.
    case notAuthorized
    /// The server hung up: it may have another key than the client believes.
    case brokenOff

    static func after(_ event: SocketEvent, _ before: HandshakeFailure?) -> HandshakeFailure? {
        switch event {
        case .handshakeSucceeded: nil
        case .handshakeFailed(let code):
            code == UInt32(ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH)
                ? .otherMechanism : .brokenOff
        case .notAuthorized: .notAuthorized
        case .handshakeEnded: before ?? .brokenOff
        case .accepted, .disconnected: before
        }
    }
}
