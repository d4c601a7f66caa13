import Foundation

/// Control messages as bytes: one version byte, then JSON.
public enum ControlCodec {
    /// The control-plane version this build speaks.
    public static let version: UInt8 = 7
    /// The longest message that is read; metrics batches stay far below.
    public static let maximumBytes = 16 << 20

    /// Bytes of a message.
    ///
    /// - Parameter leastBytes: a shorter one is filled up with spaces, which change nothing.
    /// - Throws: `ControlError.unencodable` for a number JSON cannot hold (NaN, infinity).
    public static func encode(
        _ message: ControlMessage, leastBytes: Int = 0
    ) throws(ControlError) -> [UInt8] {
        let json: Data
        do {
            json = try JSONEncoder().encode(message)
        } catch {
            throw .unencodable(String(describing: error))
        }
        let bytes = [version] + json
        let lacking = max(0, min(leastBytes, maximumBytes) - bytes.count)
        return bytes + Array(repeating: UInt8(ascii: " "), count: lacking)
    }

    /// A message from bytes; never traps on foreign bytes. Nothing longer than `maximumBytes` is
    /// looked at, the sockets refuse it before; and what is decoded keeps within the bounds of
    /// `ControlMessage.excess`, so that sums of its numbers do not overflow, and its words are plain.
    ///
    /// - Throws: `ControlError` naming what does not fit.
    public static func decode(_ bytes: [UInt8]) throws(ControlError) -> ControlMessage {
        guard let first = bytes.first else { throw .empty }
        guard bytes.count <= maximumBytes else { throw .tooLong(bytes.count) }
        guard first == version else { throw .version(first) }
        let message: ControlMessage
        do {
            message = try JSONDecoder().decode(ControlMessage.self, from: Data(bytes.dropFirst()))
        } catch {
            throw .malformed(String(describing: error))
        }
        if let excess = message.excess { throw .outOfBounds(excess) }
        return message.plain
    }
}

/// Why bytes are not a control message.
public enum ControlError: Error, Equatable, CustomStringConvertible {
    /// No bytes at all.
    case empty
    /// More bytes than a message may have.
    case tooLong(Int)
    /// Another control-plane version.
    case version(UInt8)
    /// A number or a text that no peer of ours sends.
    case outOfBounds(String)
    /// Not the JSON of a known message.
    case malformed(String)
    /// A value JSON cannot hold.
    case unencodable(String)

    /// One line: what was found and what is allowed.
    public var description: String {
        switch self {
        case .empty: "empty control message"
        case .tooLong(let count):
            "control message of \(count) bytes, at most \(ControlCodec.maximumBytes) are read"
        case .version(let found):
            "control message of version \(found), this build speaks \(ControlCodec.version); "
                + "use the same peerless on every machine"
        case .outOfBounds(let what): "control message out of bounds: \(what)"
        case .malformed(let why): "control message not understood: \(why)"
        case .unencodable(let why): "control message cannot be encoded: \(why)"
        }
    }
}
