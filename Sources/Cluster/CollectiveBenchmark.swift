public import Experiment
import Foundation

/// All-reduce among real processes of this host, one child per rank.
public enum CollectiveBenchmark {
    /// One size on one topology.
    public struct Row: Codable, Sendable {
        /// `pingpong` where two processes sent a message to and fro.
        public var topology: String
        public var transport: String
        /// Whether the sockets used CURVE.
        public var encrypted: Bool
        public var workers: Int
        public var bytes: Int
        /// Of the operation; of the round trip.
        public var microseconds: Double
        /// Bytes of the buffer per second; of a ping-pong, bytes per second on the way.
        public var algorithmBandwidthGBs: Double
        /// The same, times 2(P-1)/P: what a ring's links carry, as nccl-tests define it.
        public var busBandwidthGBs: Double
    }

    /// Longest message that is worth a ping-pong.
    private static let longestPingPong = 65_536

    /// Every size in order, with the keys of a folder if there is one; a size's time is that of the slowest rank's median.
    ///
    /// - Throws: `ClusterError` when a child does not answer in time.
    public static func run(
        _ topology: Experiment.Topology, over transport: DataTransport, workers: Int,
        sizes: [Int], repetitions: Int, keys: String? = nil
    ) throws -> [Row] {
        let nodes = workers + (topology == .server ? 1 : 0)
        let times = try measure(
            ["--topology", topology.rawValue, "--workers", "\(workers)", "--repetitions"]
                + ["\(repetitions)"], nodes: nodes, timed: workers, over: transport, sizes: sizes,
            keys: keys)
        return zip(sizes, times).map { bytes, microseconds in
            row(topology.rawValue, transport, workers, bytes, microseconds, keys != nil)
        }
    }

    /// Round trips of a message of each of the smaller sizes over bare sockets.
    ///
    /// - Returns: no rows for a transport without sockets.
    /// - Throws: `ClusterError` when a child does not answer in time.
    public static func pingPong(
        over transport: DataTransport, sizes: [Int], keys: String? = nil
    ) throws -> [Row] {
        let sizes = sizes.filter { $0 <= longestPingPong }
        guard transport != .shm, !sizes.isEmpty else { return [] }
        let times = try measure(
            ["--workers", "2"], nodes: 2, timed: 2, over: transport, sizes: sizes, keys: keys)
        return zip(sizes, times).map { bytes, microseconds in
            var row = row("pingpong", transport, 2, bytes, microseconds, keys != nil)
            row.algorithmBandwidthGBs *= 2
            row.busBandwidthGBs *= 2
            return row
        }
    }

    /// Starts the ranks, tells each of them where all are, and hears their microseconds.
    private static func measure(
        _ arguments: [String], nodes: Int, timed: Int, over transport: DataTransport, sizes: [Int],
        keys: String?
    ) throws -> [Double] {
        let launcher = try Launcher(Launcher.Settings(database: ""))
        defer { launcher.close() }
        let list = sizes.map(String.init).joined(separator: ",")
        let talkers = try (0..<nodes).map { rank in
            try launcher.startTalker(
                "rank \(rank)",
                ["bench", "collective-member", "--rank", "\(rank)", "--transport"]
                    + [transport.rawValue, "--bytes", list] + arguments
                    + (keys.map { ["--keys", $0] } ?? []))
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
        return try sizes.map { _ in
            let times = try (0..<nodes).map { Double(try hear($0)) ?? .nan }
            return times.prefix(timed).max() ?? .nan
        }
    }

    private static func row(
        _ topology: String, _ transport: DataTransport, _ workers: Int, _ bytes: Int,
        _ microseconds: Double, _ encrypted: Bool
    ) -> Row {
        let bandwidth = Double(bytes) / microseconds / 1000
        return Row(
            topology: topology, transport: transport.rawValue, encrypted: encrypted,
            workers: workers, bytes: bytes, microseconds: microseconds,
            algorithmBandwidthGBs: bandwidth,
            busBandwidthGBs: bandwidth * 2 * Double(workers - 1) / Double(workers))
    }
}
