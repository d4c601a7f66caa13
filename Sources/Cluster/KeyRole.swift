/// What a key is for.
public enum KeyRole: String, CaseIterable, Sendable {
    /// Everybody else knows the coordinator by it.
    case coordinator
    /// A parameter server.
    case server
    /// A worker.
    case worker
    /// Who submits, looks and cancels.
    case client

    /// The sockets that a key of this role may connect to, and what it may say that it is.
    var domains: Set<String> {
        switch self {
        case .coordinator: []
        case .server, .worker: [SocketDomain.control, SocketDomain.data, rawValue]
        case .client: [SocketDomain.control, rawValue]
        }
    }
}

/// Kinds of server sockets that the authenticator tells apart.
enum SocketDomain {
    /// The coordinator's.
    static let control = "control"
    /// Where frames of a run arrive.
    static let data = "data"
}

/// Something about keys, or about listening without them, that people have to put right.
public struct SecurityError: Error, CustomStringConvertible, Equatable {
    /// In words, with what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
