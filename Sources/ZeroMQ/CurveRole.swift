import CZeroMQ

/// A socket's part in CURVE: who proves what to whom. Set before it binds or connects.
public enum CurveRole: Sendable {
    /// No encryption: everybody who reaches the socket is let in.
    case none
    /// Lets in who holds a key that the `Authenticator` of the context allows in this domain.
    /// Without an authenticator nobody is let in.
    case server(CurveSecretKey, zapDomain: String)
    /// Shows its own key, and talks only with the holder of the server's.
    case client(server: CurvePublicKey, CurveKeyPair)

    /// What encryption adds to a part on the way: nonce, tag, flags and the command's name.
    var overheadBytes: Int64 {
        if case .none = self { return 0 }
        return 64
    }
}

extension Socket {
    /// Gives a new socket its part.
    static func set(
        _ handle: UnsafeMutableRawPointer, _ role: CurveRole
    ) throws(ZeroMQError) {
        switch role {
        case .none: break
        case .server(let secret, let domain):
            // libzmq asks nobody about a socket without a domain.
            guard !domain.isEmpty else {
                throw ZeroMQError("zmq_setsockopt", "ZAP_DOMAIN is empty", code: EINVAL)
            }
            try set(handle, ZMQ_CURVE_SERVER, Int32(1))
            try set(handle, ZMQ_CURVE_SECRETKEY, bytes: Z85.decode(secret.z85) ?? [])
            try set(handle, ZMQ_ZAP_DOMAIN, bytes: Array(domain.utf8))
            try set(handle, ZMQ_ZAP_ENFORCE_DOMAIN, Int32(1))
        case .client(let server, let pair):
            try set(handle, ZMQ_CURVE_SERVERKEY, bytes: Z85.decode(server.z85) ?? [])
            try set(handle, ZMQ_CURVE_PUBLICKEY, bytes: Z85.decode(pair.publicKey.z85) ?? [])
            try set(handle, ZMQ_CURVE_SECRETKEY, bytes: Z85.decode(pair.secretKey.z85) ?? [])
        }
    }

    private static func set(
        _ handle: UnsafeMutableRawPointer, _ option: Int32, bytes: [UInt8]
    ) throws(ZeroMQError) {
        guard zmq_setsockopt(handle, option, bytes, bytes.count) == 0 else {
            throw ZeroMQError("zmq_setsockopt", "option \(option)")
        }
    }
}
