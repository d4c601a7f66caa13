import CZeroMQ
import Glibc

/// Finds, among a server socket's events, the peers that ZAP never hears of: without CURVE, with
/// another key of this server, or gone before they have shown one. libzmq tells the failure first
/// and then the connection that it ends.
struct RefusedHandshakes {
    private enum Failure {
        /// A protocol error's number.
        case protocolError(UInt32)
        /// A peer without a key hangs up when it is the first of both to see that the other has one.
        case hungUp
    }

    private static let mostConnections = 4_096
    private var addresses: [Int32: String] = [:]
    private var failure: Failure?

    /// Takes the next event; a refusal when it completes one.
    mutating func take(_ event: SocketEvent) -> Refusal? {
        switch event {
        case .accepted(let descriptor):
            guard addresses.count < Self.mostConnections else { return nil }
            addresses[descriptor] = Self.peer(of: descriptor)
        case .handshakeFailed(let code):
            defer { failure = .protocolError(code) }
            return failure.map { Self.refusal($0, nil) }
        case .handshakeEnded:
            defer { failure = .hungUp }
            return failure.map { Self.refusal($0, nil) }
        case .disconnected(let descriptor):
            let address = addresses.removeValue(forKey: descriptor)
            defer { failure = nil }
            return failure.map { Self.refusal($0, address) }
        case .handshakeSucceeded, .notAuthorized: break
        }
        return nil
    }

    private static func refusal(_ failure: Failure, _ address: String?) -> Refusal {
        guard case .protocolError(let code) = failure else {
            return Refusal(
                mechanism: nil, address: address, key: nil,
                reason: "it hung up before it had shown a key, as a port check does")
        }
        let reason =
            switch code {
            case UInt32(ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH): "it has no key"
            case UInt32(ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC): "it has another key of this process"
            default: "its handshake is malformed (" + String(code, radix: 16) + ")"
            }
        let mismatch = code == UInt32(ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH)
        return Refusal(
            mechanism: mismatch ? nil : "CURVE", address: address, key: nil, reason: reason)
    }

    /// The address at a connection's other end; `nil` when it is gone already or has none.
    private static func peer(of descriptor: Int32) -> String? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let found = withUnsafeMutableBytes(of: &address) { raw in
            guard let start = raw.baseAddress else { return false }
            let name = start.assumingMemoryBound(to: sockaddr.self)
            return getpeername(descriptor, name, &length) == 0
                && getnameinfo(
                    name, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0
        }
        guard found else { return nil }
        let text = Z85.string(host)
        return text.isEmpty || address.ss_family == sa_family_t(AF_UNIX) ? nil : text
    }
}
