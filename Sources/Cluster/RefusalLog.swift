import ZeroMQ

/// A peer that was not let in, in words for people.
struct RefusedPeer: Equatable {
    /// Name of its key, if it was known here once.
    var name: String?
    /// Who, from where, why.
    var detail: String
}

/// Makes one report of many: whoever knocks in vain does so again and again, and what is recorded
/// of it must not grow with that.
struct RefusalLog {
    private struct Kind: Hashable {
        var address: String?
        var key: CurvePublicKey?
        var reason: String
    }

    private struct Count {
        var lastReport: Double
        var since = 0
    }

    /// Seconds within which a repetition is only counted.
    private static let interval = 60.0
    /// Different kinds that are told apart at once.
    private static let mostKinds = 256
    private var kinds: [Kind: Count] = [:]
    private var unnamed = 0

    /// What is to be reported of a refusal, if anything.
    ///
    /// - Parameters:
    ///   - name: the revoked name of its key, or what the peer calls itself.
    ///   - now: in seconds.
    mutating func take(_ refusal: Refusal, name: String?, now: Double) -> RefusedPeer? {
        let kind = Kind(
            address: refusal.address.map(Self.host), key: refusal.key, reason: refusal.reason)
        if var count = kinds[kind], now - count.lastReport < Self.interval {
            count.since += 1
            kinds[kind] = count
            return nil
        }
        if kinds[kind] == nil, kinds.count >= Self.mostKinds {
            kinds = kinds.filter { now - $0.value.lastReport < Self.interval }
            guard kinds.count < Self.mostKinds else { return nil }
        }
        let repeated = kinds[kind]?.since ?? 0
        kinds[kind] = Count(lastReport: now)
        return RefusedPeer(name: name, detail: Self.words(refusal, name, repeated))
    }

    private static func words(_ refusal: Refusal, _ name: String?, _ repeated: Int) -> String {
        var text = "a peer" + (refusal.address.map { " at \($0)" } ?? "")
        text += " was not let in: "
        text += refusal.reason
        if let mechanism = refusal.mechanism { text += "; mechanism \(mechanism)" }
        if let key = refusal.key { text += "; key \(key)" }
        if repeated > 0 { text += "; \(repeated) times more since the last report" }
        return text
    }

    /// The address without what changes from one attempt to the next.
    private static func host(_ address: String) -> String {
        address.hasPrefix("localhost:") ? "localhost" : address
    }
}
