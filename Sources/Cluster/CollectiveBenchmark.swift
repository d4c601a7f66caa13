public import Experiment
import Foundation

/// All-reduce among real processes of this host, one child per rank.
public enum CollectiveBenchmark {
    /// One size on one topology.
    public struct Row: Codable, Sendable {
        public var topology: String
        public var transport: String
        public var workers: Int
        public var bytes: Int
        public var microseconds: Double
        /// Bytes of the buffer per second.
        public var algorithmBandwidthGBs: Double
        /// The same, times 2(P-1)/P: what a ring's links carry, as nccl-tests define it.
        public var busBandwidthGBs: Double
    }

    /// Every size in order; a size's time is that of the slowest rank's median.
    ///
    /// - Throws: `ClusterError` when a child does not answer in time.
    public static func run(
        _ topology: Experiment.Topology, over transport: DataTransport, workers: Int,
        sizes: [Int], repetitions: Int
    ) throws -> [Row] {
        let launcher = try Launcher()
        defer { launcher.close() }
        let nodes = workers + (topology == .server ? 1 : 0)
        let list = sizes.map(String.init).joined(separator: ",")
        let talkers = try (0..<nodes).map { rank in
            try launcher.startTalker(
                "rank \(rank)",
                [
                    "bench", "collective-member", "--rank", "\(rank)", "--workers", "\(workers)",
                    "--topology", topology.rawValue, "--transport", transport.rawValue, "--bytes",
                    list, "--repetitions",
                    "\(repetitions)",
                ])
        }
        let readers = talkers.map {
            LineReader(descriptor: $0.output.fileHandleForReading.fileDescriptor)
        }
        func hear(_ rank: Int) throws -> String {
            guard let line = readers[rank].line(withinMilliseconds: 60_000) else {
                throw ClusterError("rank \(rank) ended or said nothing for 60 s")
            }
            return line
        }
        let endpoints = try (0..<nodes).map(hear).joined(separator: " ")
        for talker in talkers {
            try talker.input.fileHandleForWriting.write(contentsOf: Data("\(endpoints)\n".utf8))
        }
        return try sizes.map { bytes in
            let times = try (0..<nodes).map { Double(try hear($0)) ?? .nan }
            return row(topology, transport, workers, bytes, times.prefix(workers).max() ?? .nan)
        }
    }

    private static func row(
        _ topology: Experiment.Topology, _ transport: DataTransport, _ workers: Int, _ bytes: Int,
        _ microseconds: Double
    ) -> Row {
        let bandwidth = Double(bytes) / microseconds / 1000
        return Row(
            topology: topology.rawValue, transport: transport.rawValue, workers: workers,
            bytes: bytes,
            microseconds: microseconds, algorithmBandwidthGBs: bandwidth,
            busBandwidthGBs: bandwidth * 2 * Double(workers - 1) / Double(workers))
    }
}
