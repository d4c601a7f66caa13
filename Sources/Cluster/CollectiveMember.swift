import Collectives
import Compression
public import Experiment
import Foundation
import Logging
import ZeroMQ

/// One rank of a collective benchmark: prints its endpoint, reads everybody's, prints a median per
/// size.
public struct CollectiveMember {
    private let rank: Int
    private let workers: Int
    private let transport: DataTransport
    private let repetitions: Int
    private let security: Security
    private let parent = LineReader(descriptor: STDIN_FILENO)

    /// A server's rank is the number of workers.
    public init(
        rank: Int, workers: Int, transport: DataTransport, repetitions: Int, security: Security
    ) {
        self.rank = rank
        self.workers = workers
        self.transport = transport
        self.repetitions = repetitions
        self.security = security
    }

    /// Takes part in an all-reduce of every size; ends early when the parent does.
    public func run(_ topology: Experiment.Topology, sizes: [Int]) throws {
        let nodes = workers + (topology == .server ? 1 : 0)
        let frameBytes = transport.frameBytes
        let context = try Context()
        let gate = try gate(in: context)
        var options = DataPlaneOptions(nodes: nodes, frameBytes: frameBytes)
        options.security = security
        let mesh = try transport.open(
            options, context: context,
            cancellation: { [parent] in parent.hasEnded ? "the parent process ended" : nil })
        try mesh.connect(try exchange(mesh.endpoint), rank: rank)
        let collective = BlockingCollective(
            rank: rank, worldSize: workers, topology: topology.collective,
            session: .init(
                run: 1, chunkWords: frameBytes / 4,
                windowWords: transport.windowBytes(frameBytes: frameBytes) / 4),
            transport: mesh, phases: PhaseClock())
        for bytes in sizes { try say(try measure(bytes, collective)) }
        withExtendedLifetime(gate) {}
    }

    /// Sends messages of every size to and fro between rank 0 and rank 1, over bare sockets.
    public func runPingPong(sizes: [Int]) throws {
        let context = try Context()
        let gate = try gate(in: context)
        let pingPong = try PingPong(
            isFirst: rank == 0, over: transport, in: context, security: security,
            exchange: { try exchange($0)[1 - rank] })
        for bytes in sizes { try say(Self.median(try pingPong.roundTrips(bytes: bytes))) }
        withExtendedLifetime(gate) {}
    }

    private func gate(in context: Context) throws -> Gate {
        try Gate(
            security, in: context, logger: Logger(label: "bench"), logsRefusals: true)
    }

    /// Says this rank's endpoint and hears everybody's.
    private func exchange(_ endpoint: String) throws -> [String] {
        try say(endpoint)
        guard let line = parent.line(withinMilliseconds: 60_000) else {
            throw ClusterError("the other ranks' endpoints did not come within 60 s")
        }
        return line.split(separator: " ").map(String.init)
    }

    /// Median microseconds; small sizes are repeated more often, the same on every rank.
    private func measure(_ bytes: Int, _ collective: BlockingCollective) throws -> String {
        let buffer = WorkBuffer(count: max(1, bytes / 4))
        let count = max(repetitions, min(200, (8 << 20) / max(1, bytes)))
        var times: [UInt64] = []
        for _ in 0..<(count + 2) {
            let start = MonotonicClock.now()
            try collective.allReduce(buffer.floats)
            times.append(MonotonicClock.now() - start)
        }
        return Self.median(times.dropFirst(2))
    }

    private static func median(_ nanoseconds: some Collection<UInt64>) -> String {
        let sorted = nanoseconds.sorted()
        return "\(Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2000)"
    }

    private func say(_ line: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
    }
}
