import Foundation
import Synchronization

public import Collectives

/// Runs the same code on one thread per node, joined by in-memory transports.
public enum ThreadedWorld {
    /// What one node is given.
    public struct Node {
        /// Its blocking collective.
        public let collective: BlockingCollective
        /// Its transport, for the byte counters.
        public let transport: MemoryTransport
        /// Takes the phases.
        public let phases: any PhaseRecorder
    }

    /// A recorder that nobody reads.
    public final class SilentPhases: PhaseRecorder {
        /// A recorder.
        public init() {}
        public func enter(_ phase: Phase) {}
    }

    /// Runs `body` on every node and returns the results in rank order; a star's server is last.
    ///
    /// - Throws: the first node's error in rank order.
    public static func run<Result: Sendable>(
        _ topology: CollectiveTopology, worldSize: Int, chunkWords: Int = 65_536,
        body: @Sendable @escaping (Node) throws -> Result
    ) throws -> [Result] {
        let nodes = worldSize + (topology == .star ? 1 : 0)
        let transports = MemoryTransport.mesh(nodes: nodes)
        let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
        let group = DispatchGroup()
        for rank in 0..<nodes {
            let transport = transports[rank]
            group.enter()
            let thread = Thread {
                let outcome = Swift.Result {
                    try body(
                        node(topology, rank, worldSize: worldSize, chunkWords, transport))
                }
                results.withLock { $0[rank] = outcome }
                group.leave()
            }
            thread.start()
        }
        group.wait()
        let byRank = results.withLock { $0 }
        return try (0..<nodes).compactMap { try byRank[$0]?.get() }
    }

    private static func node(
        _ topology: CollectiveTopology, _ rank: Int, worldSize: Int, _ chunkWords: Int,
        _ transport: MemoryTransport
    ) -> Node {
        let phases = SilentPhases()
        let session = BlockingCollective.Session(
            run: 1, chunkWords: chunkWords, deadlineMilliseconds: 20_000)
        return Node(
            collective: BlockingCollective(
                rank: rank, worldSize: worldSize, topology: topology, session: session,
                transport: transport, phases: phases), transport: transport, phases: phases)
    }
}
