import Foundation

/// What carries frames between nodes.
public enum DataTransport: String, CaseIterable, Sendable {
    /// Between any nodes.
    case tcp
    /// Unix sockets between nodes of one host; in the abstract namespace, which leaves no file.
    case ipc
    /// Rings in memory that the nodes of one host share.
    case shm

    /// What a socket's inbox binds to, with a port or name of its own.
    package func bindEndpoint(host: String) -> String {
        switch self {
        case .tcp: "tcp://\(host):*"
        case .ipc, .shm: "ipc://@peerless-\(UUID().uuidString.lowercased())"
        }
    }

    /// Longest frame that pays: in shared memory a frame should still be in the caches when its
    /// receiver reads it; over sockets every frame costs system calls and two thread switches.
    package var frameBytes: Int {
        switch self {
        case .tcp, .ipc: 256 << 10
        case .shm: 64 << 10
        }
    }

    /// How far a node's sends run ahead of its receives: enough for a fast link's delay over
    /// sockets, little enough for the caches in shared memory.
    package func windowBytes(frameBytes: Int) -> Int {
        self == .shm ? 4 * frameBytes : max(1 << 20, 4 * frameBytes)
    }
}
