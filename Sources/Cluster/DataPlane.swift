package import Collectives
package import ZeroMQ

/// The data plane of one node in one run. Opened per run, owned by the thread that exchanges.
package protocol DataPlane: Transport {
    /// Where peers reach this node.
    var endpoint: String { get }
    /// Traffic so far.
    var meter: ByteMeter { get }

    /// Connects to every peer's endpoint, in rank order; a server is last.
    func connect(_ endpoints: [String], rank: Int) throws
}

/// What the nodes of a run agree on before they open their data planes.
package struct DataPlaneOptions: Sendable {
    /// Address of this node for tcp.
    package var host = "127.0.0.1"
    /// Ports of this node for tcp; `nil` for those of the system's choice.
    package var ports: PortRange?
    /// Nodes of the run, a server included.
    package var nodes: Int
    /// Longest payload of the frames that a buffer is cut into.
    package var frameBytes: Int
    /// Longest payload of a message that goes as one frame, whatever its length.
    package var wholeBytes = 0
    /// The emulated link; over sockets only.
    package var link: EmulatedLink?

    /// How the sockets are protected.
    package var security = Security.loopback
    /// How long a peer may take no frame.
    package var deadlineMilliseconds = 30_000

    /// Inboxes take no part that is longer.
    package var longestPartBytes: Int { max(Self.leastPartBytes, frameBytes, wholeBytes) }
    private static let leastPartBytes = 4_096

    package init(nodes: Int, frameBytes: Int) {
        self.nodes = nodes
        self.frameBytes = frameBytes
    }
}

extension DataTransport {
    /// Opens a node's end.
    ///
    /// - Parameter cancellation: asked while waiting; a reason ends the wait.
    package func open(
        _ options: DataPlaneOptions, context: Context, cancellation: @escaping () -> String?
    ) throws -> any DataPlane {
        switch self {
        case .shm:
            return try SharedMemoryMesh(
                nodes: options.nodes, frameBytes: options.frameBytes,
                deadlineMilliseconds: options.deadlineMilliseconds, cancellation: cancellation)
        case .tcp, .ipc:
            try options.security.requireMayListen(on: bindEndpoint(host: options.host))
            return try DataMesh(
                longestPartBytes: options.longestPartBytes, context: context,
                security: options.security, link: options.link,
                deadlineMilliseconds: options.deadlineMilliseconds, cancellation: cancellation
            ) { try Inbox.bind($0, self, host: options.host, ports: options.ports) }
        }
    }
}
