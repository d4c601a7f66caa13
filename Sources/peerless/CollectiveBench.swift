public import ArgumentParser
public import Cluster
public import Experiment
import Foundation

extension Topology: ExpressibleByArgument {}
extension DataTransport: ExpressibleByArgument {}

/// `peerless bench collective`.
struct CollectiveBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collective",
        abstract: "Dense all-reduce among processes of this host, every topology.")

    @OptionGroup var arguments: BenchArguments
    @Option(help: "Topologies.") var topology: [Topology] = Topology.allCases
    @Option(help: "Transports.") var transport: [DataTransport] = DataTransport.allCases
    @Option(help: "Numbers of workers.") var workers: [Int] = [2, 4]
    @Flag(help: "Measure tcp with CURVE, too, with keys of the moment.") var keys = false
    @Option(help: "Sizes from 4 bytes to 1 GiB, separated by commas.")
    var bytes: ByteSizes = .init(
        values: [4_096, 65_536, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20])

    func validate() throws {
        guard workers.allSatisfy((1...64).contains) else {
            throw ValidationError("--workers: found \(workers); allowed: 1 to 64")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        try reporting {
            let rows = try measure()
            try arguments.show(rows, Self.line)
            guard !arguments.json else { return }
            print("\nbest for its size:")
            for row in Self.best(of: rows) { print(Self.line(row)) }
            if keys { Self.printCost(rows) }
        }
    }

    private func measure() throws -> [CollectiveBenchmark.Row] {
        guard keys else { return try measure(keys: nil) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "peerless-bench-\(UUID().uuidString.lowercased())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try KeyFolder(path: folder.path).initialize()
        return try measure(keys: folder.path)
    }

    /// With a folder of keys, tcp is measured without them and at once after with them.
    private func measure(keys: String?) throws -> [CollectiveBenchmark.Row] {
        func ways(_ carrier: DataTransport) -> [String?] {
            carrier == .tcp && keys != nil ? [nil, keys] : [nil]
        }
        var rows: [CollectiveBenchmark.Row] = []
        for carrier in transport {
            for keys in ways(carrier) {
                rows += try CollectiveBenchmark.pingPong(
                    over: carrier, sizes: bytes.values, keys: keys)
            }
        }
        for count in workers {
            for (carrier, shape) in transport.flatMap({ each in topology.map { (each, $0) } }) {
                for keys in ways(carrier) {
                    rows += try CollectiveBenchmark.run(
                        shape, over: carrier, workers: count, sizes: bytes.values,
                        repetitions: arguments.repetitions, keys: keys)
                }
            }
        }
        return rows
    }

    /// The fastest topology and transport of every number of workers and size.
    private static func best(of rows: [CollectiveBenchmark.Row]) -> [CollectiveBenchmark.Row] {
        var result: [CollectiveBenchmark.Row] = []
        for row in rows where row.topology != "pingpong" {
            let known = result.firstIndex { $0.workers == row.workers && $0.bytes == row.bytes }
            guard let known else {
                result.append(row)
                continue
            }
            if row.microseconds < result[known].microseconds { result[known] = row }
        }
        return result
    }

    /// What CURVE costs: a message's way is half a round trip, or a whole operation.
    private static func printCost(_ rows: [CollectiveBenchmark.Row]) {
        print("\ncost of CURVE over tcp, per message (half a round trip) and per all-reduce:")
        for secret in rows where secret.encrypted {
            let plain = rows.first {
                !$0.encrypted && $0.transport == secret.transport
                    && $0.topology == secret.topology && $0.workers == secret.workers
                    && $0.bytes == secret.bytes
            }
            guard let plain else { continue }
            let share = secret.topology == "pingpong" ? 0.5 : 1
            let name = secret.topology.padding(toLength: 15, withPad: " ", startingAt: 0)
            print(
                String(
                    format:
                        "P %2d  \(name)  %10d bytes  %10.1f us plain  %10.1f us with keys  x %.2f",
                    secret.workers, secret.bytes, plain.microseconds * share,
                    secret.microseconds * share, secret.microseconds / plain.microseconds))
        }
    }

    private static func line(_ row: CollectiveBenchmark.Row) -> String {
        let name = row.topology.padding(toLength: 15, withPad: " ", startingAt: 0)
        return String(
            format:
                "P %2d  \(row.transport)\(row.encrypted ? "+keys" : "")  \(name)  %10d bytes  %10.1f us  algorithm %6.3f GB/s  "
                + "bus %6.3f GB/s", row.workers, row.bytes, row.microseconds,
            row.algorithmBandwidthGBs, row.busBandwidthGBs)
    }
}

/// Sizes as an argument.
struct ByteSizes: ExpressibleByArgument {
    let values: [Int]

    init(values: [Int]) {
        self.values = values
    }

    init?(argument: String) {
        let parts = argument.split(separator: ",")
        values = parts.compactMap { Int($0) }.filter { (4...(1 << 30)).contains($0) }
        guard values.count == parts.count, !values.isEmpty else { return nil }
    }

    var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

/// One rank of it, started by `peerless bench collective`.
struct CollectiveMemberCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collective-member", abstract: "One rank.", shouldDisplay: false)

    @Option var rank: Int
    @Option var workers: Int
    @Option var topology: Topology?
    @Option var transport: DataTransport
    @Option var bytes: ByteSizes
    @Option var repetitions = 5
    @OptionGroup var keys: KeyArguments

    func run() throws {
        try reporting {
            // An environment with keys is no reason to encrypt what is measured without.
            let security: Security = keys.named == nil ? .loopback : try keys.security(as: .worker)
            let member = CollectiveMember(
                rank: rank, workers: workers, transport: transport, repetitions: repetitions,
                security: security)
            guard let topology else { return try member.runPingPong(sizes: bytes.values) }
            try member.run(topology, sizes: bytes.values)
        }
    }
}
