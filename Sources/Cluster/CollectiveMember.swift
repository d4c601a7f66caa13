import Collectives
import Compression
public import Experiment
import Foundation
import ZeroMQ

/// One rank of a collective benchmark: prints its endpoint, reads everybody's, prints a median per
/// size.
public struct CollectiveMember {
    private let rank: Int
    private let workers: Int
    private let topology: Experiment.Topology
    private let transport: DataTransport
    private let repetitions: Int
    private let parent = LineReader(descriptor: STDIN_FILENO)

    /// A server's rank is the number of workers.
    public init(
        rank: Int, workers: Int, topology: Experiment.Topology, transport: DataTransport,
        repetitions: Int
    ) {
        self.rank = rank
        self.workers = workers
        self.topology = topology
        self.transport = transport
        self.repetitions = repetitions
    }

    /// Takes part in every size; ends early when the parent does.
    public func run(sizes: [Int]) throws {
        let context = try Context()
        let mesh = try DataMesh(
            bind: transport.bindEndpoint(host: "127.0.0.1"), context: context, link: nil,
            cancellation: { [parent] in parent.hasEnded ? "the parent process ended" : nil })
        try say(mesh.endpoint)
        guard let line = parent.line(withinMilliseconds: 60_000) else {
            throw ClusterError("the other ranks' endpoints did not come within 60 s")
        }
        try mesh.connect(line.split(separator: " ").map(String.init), rank: rank)
        let collective = BlockingCollective(
            rank: rank, worldSize: workers, topology: topology.collective,
            session: .init(run: 1), transport: mesh, phases: PhaseClock())
        for bytes in sizes { try say("\(try measure(bytes, collective))") }
    }

    /// Median microseconds; small sizes are repeated more often, the same on every rank.
    private func measure(_ bytes: Int, _ collective: BlockingCollective) throws -> Double {
        let buffer = WorkBuffer(count: max(1, bytes / 4))
        let count = max(repetitions, min(200, (8 << 20) / max(1, bytes)))
        var times: [UInt64] = []
        for _ in 0..<(count + 2) {
            let start = MonotonicClock.now()
            try collective.allReduce(buffer.floats)
            times.append(MonotonicClock.now() - start)
        }
        let counted = times.dropFirst(2).sorted()
        return Double(counted[(counted.count - 1) / 2] + counted[counted.count / 2]) / 2000
    }

    private func say(_ line: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
    }
}
