import CZeroMQ

/// A CURVE key that everybody may know, in the 40 characters of Z85.
public struct CurvePublicKey: Hashable, Sendable, CustomStringConvertible {
    /// The key as text.
    public let z85: String

    /// Takes exactly 40 characters of Z85; `nil` for anything else.
    public init?(_ text: String) {
        guard Z85.decode(text) != nil else { return nil }
        z85 = text
    }

    /// Takes exactly 32 bytes; `nil` for another number.
    public init?(bytes: [UInt8]) {
        guard let text = Z85.encode(bytes) else { return nil }
        z85 = text
    }

    /// The key as text.
    public var description: String { z85 }
}

/// A CURVE key that one process alone knows. Nothing that prints a value prints it.
public struct CurveSecretKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The key as text, for the file that keeps it.
    public let z85: String

    /// Takes exactly 40 characters of Z85; `nil` for anything else.
    public init?(_ text: String) {
        guard Z85.decode(text) != nil else { return nil }
        z85 = text
    }

    /// Says nothing.
    public var description: String { "(secret)" }
    /// Says nothing.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A public key and its secret.
public struct CurveKeyPair: Sendable {
    /// What peers know it by.
    public let publicKey: CurvePublicKey
    /// What proves that it is its own.
    public let secretKey: CurveSecretKey

    /// The pair of a secret.
    ///
    /// - Throws: `ZeroMQError` when libzmq has no CURVE.
    public init(_ secret: CurveSecretKey) throws(ZeroMQError) {
        var text = [CChar](repeating: 0, count: Z85.characters + 1)
        guard zmq_curve_public(&text, secret.z85) == 0 else {
            throw ZeroMQError("zmq_curve_public")
        }
        guard let key = CurvePublicKey(Z85.string(text)) else {
            throw ZeroMQError("zmq_curve_public", "the public key", code: EINVAL)
        }
        publicKey = key
        secretKey = secret
    }

    /// A new pair from the system's random numbers.
    ///
    /// - Throws: `ZeroMQError` when libzmq has no CURVE.
    public static func generate() throws(ZeroMQError) -> CurveKeyPair {
        var open = [CChar](repeating: 0, count: Z85.characters + 1)
        var hidden = open
        guard zmq_curve_keypair(&open, &hidden) == 0 else { throw ZeroMQError("zmq_curve_keypair") }
        guard let secret = CurveSecretKey(Z85.string(hidden)) else {
            throw ZeroMQError("zmq_curve_keypair", "the secret key", code: EINVAL)
        }
        return try CurveKeyPair(secret)
    }
}

/// The text form of keys: 32 bytes in 40 printable characters (RFC 32).
enum Z85 {
    static let bytes = 32
    static let characters = 40

    /// The bytes of a key; `nil` unless it is the one text of its bytes.
    static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.count == characters else { return nil }
        var key = [UInt8](repeating: 0, count: bytes)
        guard zmq_z85_decode(&key, text) != nil, encode(key) == text else { return nil }
        return key
    }

    static func encode(_ key: [UInt8]) -> String? {
        guard key.count == bytes else { return nil }
        var text = [CChar](repeating: 0, count: characters + 1)
        guard zmq_z85_encode(&text, key, bytes) != nil else { return nil }
        return string(text)
    }

    static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
