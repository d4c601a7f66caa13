/// A question of libzmq's about a peer that knocks, as RFC 27 lays it out; any bytes are parsed
/// without a trap.
package struct ZAPRequest {
    static let endpoint = "inproc://zeromq.zap.01"
    static let version = Array("1.0".utf8)
    /// Frames before those of the request: the asker's identity and an empty one.
    private static let envelope = 2
    private static let longestField = 255

    /// Everything that the answer begins with: identity, empty frame.
    let route: [[UInt8]]
    let id: [UInt8]
    let domain: String
    let address: String
    let mechanism: String
    let credentials: [[UInt8]]

    /// What a request's frames came to.
    package enum Parsed {
        case request(ZAPRequest)
        /// Not understood, but there is somebody to tell.
        case malformed(answer: [[UInt8]], reason: String)
        /// Nobody can be told.
        case noise
    }

    package static func parse(_ parts: [[UInt8]]) -> Parsed {
        guard parts.count > envelope, parts[1].isEmpty else { return .noise }
        let route = Array(parts[..<envelope])
        let fields = Array(parts[envelope...])
        let id = fields.count > 1 && fields[1].count <= longestField ? fields[1] : []
        func malformed(_ reason: String) -> Parsed {
            .malformed(
                answer: answer(route, id, status: .internalError, text: reason), reason: reason)
        }
        guard fields[0] == version else { return malformed("the version of ZAP is not 1.0") }
        guard fields.count >= 6 else {
            return malformed("\(fields.count) frames; a request has 6 or more")
        }
        guard fields.allSatisfy({ $0.count <= longestField }), fields.count <= 16 else {
            return malformed("a frame of more than \(longestField) bytes, or more than 16 frames")
        }
        return .request(
            ZAPRequest(
                route: route, id: id, domain: text(fields[2]), address: text(fields[3]),
                mechanism: text(fields[5]), credentials: Array(fields[6...])))
    }

    /// The numbers of RFC 27.
    enum Status: String {
        case success = "200"
        case refused = "400"
        case internalError = "500"
    }

    func answer(_ status: Status, text: String, user: String = "") -> [[UInt8]] {
        Self.answer(route, id, status: status, text: text, user: user)
    }

    private static func answer(
        _ route: [[UInt8]], _ id: [UInt8], status: Status, text: String, user: String = ""
    ) -> [[UInt8]] {
        route + [version, id, Array(status.rawValue.utf8), Array(text.utf8), Array(user.utf8), []]
    }

    private static func text(_ field: [UInt8]) -> String { String(decoding: field, as: UTF8.self) }
}

extension ZAPRequest {
    /// The answer to the peer, and why it is not let in.
    package func judge(by allowed: AllowList) -> (answer: [[UInt8]], refusal: Refusal?) {
        func refuse(_ status: Status, _ key: CurvePublicKey?, _ reason: String)
            -> ([[UInt8]], Refusal?)
        {
            let refusal = Refusal(
                mechanism: mechanism, address: address, key: key, reason: reason)
            return (answer(status, text: "not authorized"), refusal)
        }
        guard mechanism == "CURVE" else { return refuse(.refused, nil, "it has no key") }
        guard credentials.count == 1, let key = CurvePublicKey(bytes: credentials[0]) else {
            return refuse(.refused, nil, "its key has not 32 bytes")
        }
        guard let entry = allowed[key] else {
            return refuse(.refused, key, "its key is not on the list")
        }
        guard entry.domains.contains(domain) else {
            return refuse(.refused, key, "the key of \(entry.name) is not for \(domain) sockets")
        }
        return (answer(.success, text: "OK", user: key.z85), nil)
    }
}
