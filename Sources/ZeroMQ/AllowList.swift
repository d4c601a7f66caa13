/// The public keys that are let in, and where.
public struct AllowList: Sendable, Equatable {
    /// One key's owner.
    public struct Entry: Sendable, Equatable {
        /// Name shown to people.
        public var name: String
        /// ZAP domains that it may enter.
        public var domains: Set<String>

        /// Memberwise.
        public init(name: String, domains: Set<String>) {
            self.name = name
            self.domains = domains
        }
    }

    // By the key's text, which is what a message names its sender by.
    private var entries: [String: Entry] = [:]

    /// A list that lets nobody in.
    public init() {}

    /// Number of keys.
    public var count: Int { entries.count }

    /// Whom a key belongs to; `nil` lets nobody in.
    public subscript(key: CurvePublicKey) -> Entry? {
        get { entries[key.z85] }
        set { entries[key.z85] = newValue }
    }

    /// Whether a key may enter a domain.
    public func allows(_ key: CurvePublicKey, in domain: String) -> Bool {
        allows(user: key.z85, in: domain)
    }

    /// Whether the sender of a message, as `Message.user` names it, may enter a domain.
    public func allows(user: String, in domain: String) -> Bool {
        entries[user]?.domains.contains(domain) ?? false
    }
}

/// A peer that was not let in.
public struct Refusal: Sendable, Equatable {
    /// What it offered: `CURVE`, `NULL`, `PLAIN`; `nil` when it never came so far.
    public var mechanism: String?
    /// Its address, as far as the transport tells.
    public var address: String?
    /// The key that it proved to hold.
    public var key: CurvePublicKey?
    /// Why, in words.
    public var reason: String

    /// Memberwise.
    public init(mechanism: String?, address: String?, key: CurvePublicKey?, reason: String) {
        self.mechanism = mechanism
        self.address = address
        self.key = key
        self.reason = reason
    }
}
