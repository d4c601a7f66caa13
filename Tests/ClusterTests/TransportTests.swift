import Cluster
import Collectives
import Experiment
import Foundation
import Glibc
import Simulation
import Synchronization
import Testing
import Wire
import ZeroMQ

/// Every transport between threads of this process, against the transport in memory.
@Suite("Transports", .serialized, .timeLimit(.minutes(10)))
struct TransportTests {
    /// A data plane goes to the thread that uses it, and only there.
    private struct Handed: @unchecked Sendable {
        let plane: any DataPlane
    }

    static func mesh(
        _ transport: DataTransport, nodes: Int, frameBytes: Int = 4096, wholeBytes: Int = 0,
        cancellation: @escaping () -> String? = { nil }
    ) throws -> [any DataPlane] {
        let context = try Context()
        var options = DataPlaneOptions(nodes: nodes, frameBytes: frameBytes)
        options.wholeBytes = wholeBytes
        let planes = try (0..<nodes).map { _ in
            try transport.open(options, context: context, cancellation: cancellation)
        }
        for rank in 0..<nodes {
            try planes[rank].connect(planes.map(\.endpoint), rank: rank)
        }
        return planes
    }

    private static func values(rank: Int, words: Int) -> [Float] {
        (0..<words).map { Float(($0 &* 7919 &+ rank &* 104_729) % 1_000_003) * 1e-3 - 300 }
    }

    /// Three all-reduces in a row on every node.
    private func run(
        _ transport: DataTransport, _ topology: CollectiveTopology, worldSize: Int, words: Int,
        chunkWords: Int
    ) throws -> [[Float]] {
        let nodes = worldSize + (topology == .star ? 1 : 0)
        let planes = try Self.mesh(transport, nodes: nodes, wholeBytes: 4 * chunkWords)
            .map(Handed.init)
        let results = Mutex<[Int: Result<[Float], any Error>]>([:])
        let group = DispatchGroup()
        for rank in 0..<nodes {
            let handed = planes[rank]
            group.enter()
            Thread {
                let outcome = Result {
                    try Self.reduce(
                        handed.plane, topology, rank, worldSize: worldSize, words, chunkWords)
                }
                results.withLock { $0[rank] = outcome }
                group.leave()
            }.start()
        }
        group.wait()
        let byRank = results.withLock { $0 }
        return try (0..<worldSize).compactMap { try byRank[$0]?.get() }
    }

    private static func reduce(
        _ transport: any Transport, _ topology: CollectiveTopology, _ rank: Int, worldSize: Int,
        _ words: Int, _ chunkWords: Int
    ) throws -> [Float] {
        let collective = BlockingCollective(
            rank: rank, worldSize: worldSize, topology: topology,
            session: .init(
                run: 1, chunkWords: chunkWords, windowWords: 4 * chunkWords,
                deadlineMilliseconds: 20_000), transport: transport,
            phases: ThreadedWorld.SilentPhases())
        var values = values(rank: rank, words: words)
        try values.withUnsafeMutableBufferPointer { buffer in
            for _ in 0..<3 { try collective.allReduce(buffer) }
        }
        return values
    }

    @Test(
        "all-reduce gives the bits of the transport in memory, odd lengths and many frames included",
        arguments: DataTransport.allCases)
    func equality(transport: DataTransport) throws {
        for worldSize in 1...4 {
            for topology in CollectiveTopology.allCases {
                // The last has more frames than rings hold, the one before frames cut in pieces.
                for (words, chunkWords) in [(1, 64), (1027, 64), (70_001, 50_000), (60_013, 100)] {
                    let expected = try ThreadedWorld.run(
                        topology, worldSize: worldSize, chunkWords: chunkWords
                    ) { node in
                        try Self.reduce(
                            node.transport, topology, node.collective.rank, worldSize: worldSize,
                            words, chunkWords)
                    }
                    let found = try run(
                        transport, topology, worldSize: worldSize, words: words,
                        chunkWords: chunkWords)
                    #expect(found.count == worldSize)
                    #expect(
                        found == Array(expected.prefix(worldSize)),
                        "\(topology) P=\(worldSize) words=\(words)")
                }
            }
        }
    }

    @Test("a silent peer ends the wait at its deadline, by rank", arguments: DataTransport.allCases)
    func silence(transport: DataTransport) throws {
        let planes = try Self.mesh(transport, nodes: 2)
        let collective = BlockingCollective(
            rank: 0, worldSize: 2, topology: .ring,
            session: .init(run: 1, deadlineMilliseconds: 30), transport: planes[0],
            phases: ThreadedWorld.SilentPhases())
        var values: [Float] = [1, 2, 3]
        #expect(throws: CollectiveError.expired(waitingFor: 1, milliseconds: 30)) {
            try values.withUnsafeMutableBufferPointer { try collective.allReduce($0) }
        }
    }

    @Test("a cancellation ends a wait before its deadline", arguments: DataTransport.allCases)
    func cancelled(transport: DataTransport) throws {
        let planes = try Self.mesh(transport, nodes: 2, cancellation: { "enough" })
        #expect(throws: CollectiveError.cancelled("enough")) {
            _ = try planes[0].receive(from: 1, withinMilliseconds: 60_000)
        }
        #expect(throws: CollectiveError.cancelled("enough")) {
            _ = try planes[1].receive(withinMilliseconds: 60_000)
        }
    }

    @Test("who waits uses no processor", arguments: DataTransport.allCases)
    func idle(transport: DataTransport) throws {
        let planes = try Self.mesh(transport, nodes: 2)
        func processor() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let before = processor()
        #expect(try planes[0].receive(from: 1, withinMilliseconds: 400) == nil)
        #expect(processor() - before < 0.04)
    }

    @Test("two nodes that both send more than the rings hold do not hold each other up")
    func crossing() throws {
        let planes = try Self.mesh(.shm, nodes: 2).map(Handed.init)
        let frame = [UInt8](repeating: 3, count: 4000)
        let counts = Mutex([0, 0])
        let group = DispatchGroup()
        for rank in 0..<2 {
            let handed = planes[rank]
            group.enter()
            Thread {
                defer { group.leave() }
                for index in 0..<200 {
                    let header = FrameHeader(
                        from: rank, run: 1, generation: 0, operation: 0, index: UInt32(index),
                        length: frame.count)
                    try? frame.withUnsafeBytes {
                        try handed.plane.send(header, $0, to: 1 - rank)
                    }
                }
                for index in 0..<200 {
                    let found = try? handed.plane.receive(
                        from: 1 - rank, withinMilliseconds: 10_000)
                    guard let found, found.header.index == UInt32(index) else { return }
                    counts.withLock { $0[rank] += 1 }
                }
            }.start()
        }
        group.wait()
        #expect(counts.withLock { $0 } == [200, 200])
    }

    @Test("a run takes the fastest transport that reaches its nodes, or the one it asks for")
    func choice() throws {
        func choose(
            _ keys: String, oneHost: Bool, memory: Bool
        ) throws -> DataTransport {
            let plan = try ExperimentLoader.parse(text: "experiment: e\n\(keys)", source: "x")
            let assignment = Assignment(
                run: 1, identity: 1, generation: 0, rank: 0, worldSize: 2, seed: 1,
                oneHost: oneHost, sharesMemory: memory, config: "")
            return try DataTransport.choose(plan.variants[0], assignment)
        }
        #expect(try choose("", oneHost: true, memory: true) == .shm)
        #expect(try choose("", oneHost: true, memory: false) == .ipc)
        #expect(try choose("", oneHost: false, memory: false) == .tcp)
        #expect(try choose("link: {latency: 1ms}", oneHost: true, memory: true) == .tcp)
        for asked in DataTransport.allCases {
            let key = "transport: \(asked)"
            #expect(try choose(key, oneHost: true, memory: true) == asked)
            guard asked != .tcp else { continue }
            #expect(throws: ClusterError.self) {
                _ = try choose(key, oneHost: false, memory: false)
            }
        }
    }

    @Test("shared memory of another process or a changed token is refused in words")
    func refused() throws {
        let plane = try DataTransport.shm.open(
            DataPlaneOptions(nodes: 2, frameBytes: 4096), context: try Context(),
            cancellation: { nil })
        let parts = plane.endpoint.split(separator: "/")
        for wrong in [
            "tcp://127.0.0.1:1", "shm://1/x/2", "shm://\(parts[1])/\(parts[2])/1",
            "shm://\(parts[1])/0/\(parts[3])", "shm://2147483647/3/\(parts[3])",
        ] {
            #expect(throws: ClusterError.self) {
                try plane.connect([plane.endpoint, wrong], rank: 0)
            }
        }
    }
}
