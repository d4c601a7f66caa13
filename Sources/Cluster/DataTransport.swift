import Foundation

/// What carries frames between nodes.
public enum DataTransport: String, CaseIterable, Sendable {
    /// Between any nodes.
    case tcp
    /// Unix sockets between nodes of one host; in the abstract namespace, which leaves no file.
    case ipc

    /// What an inbox binds to, with a port or name of its own.
    package func bindEndpoint(host: String) -> String {
        switch self {
        case .tcp: "tcp://\(host):*"
        case .ipc: "ipc://@peerless-\(UUID().uuidString.lowercased())"
        }
    }
}
