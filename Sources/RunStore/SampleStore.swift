import Foundation
import GRDB

/// A large made-up database for measuring how long questions take, in a temporary folder that goes
/// with it: runs of 4 workers and 500 steps, 100 of them to an experiment.
public final class SampleStore {
    private static let workers = 4
    private static let steps = 500
    private static let variants = 10
    private static let seeds = 10

    /// Path of the database.
    public let path: String
    /// Runs in it.
    public private(set) var runs = 0
    /// Rows of its table `step`.
    public var rows: Int { runs * Self.workers * Self.steps }
    private let folder: URL

    /// Fills it with at least so many rows of steps.
    ///
    /// - Parameter shouldStop: asked before every run; what is there then is all.
    public init(rows: Int, shouldStop: () -> Bool = { false }) throws(StoreError) {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "peerless-bench-\(UUID().uuidString)")
        path = folder.appending(path: "bench.db").path(percentEncoded: false)
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
        } catch {
            throw RunStore.failure("making a folder", error, path: path)
        }
        let store = try RunStore(path: path)
        while self.rows < rows, !shouldStop() {
            let run = try store.createRun(Self.description(of: runs))
            try store.setStatus(run: run, .running, parameters: 44_426)
            try Self.fill(run, in: store)
            try store.setStatus(run: run, .completed)
            runs += 1
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private static func description(of number: Int) -> RunDescription {
        let place = number % (variants * seeds)
        let (variant, seed) = (place / seeds, place % seeds)
        let method = variant == 0 ? "dense" : "sketch"
        let experiment = "experiment-\(number / (variants * seeds))"
        return RunDescription(
            experiment: experiment, experimentText: "experiment: \(experiment)\n",
            variant: "\(method)-\(variant)", seed: UInt64(seed), topology: "ring",
            method: variant == 0 ? method : "\(method) k=1% r=5 c=\(1024 * variant) p2=4",
            methodName: method, optimizer: "sgd 0.1", dataset: "digits", model: "mlp",
            workers: workers, batch: 32, link: "1gbit 200us", target: 0.9, config: "{}",
            caseHash: "case-\(variant)", contextHash: "context", gitRevision: "abc1234",
            host: #"{"host":"bench"}"#, uuid: UUID().uuidString.lowercased(),
            context: #"{"cores":2}"#)
    }

    /// In SQL, which takes a tenth of the time that binding every value does. The first run's
    /// summary is computed, the others are its copies.
    private static func fill(_ run: Int64, in store: RunStore) throws(StoreError) {
        try store.write("filling run \(run)") { database in
            try database.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
                        WHERE i < \(workers * steps - 1))
                    INSERT INTO step (run, rank, step, loss, total_nanoseconds,
                        compute_nanoseconds, encode_nanoseconds, exchange_nanoseconds,
                        wait_nanoseconds, decode_nanoseconds, update_nanoseconds, bytes_sent,
                        bytes_received, messages_sent)
                    SELECT ?, i / \(steps), i % \(steps), 2.3 / (1 + i % \(steps)),
                        20100000 + i, 9000000 + i, 1000000, 2000000, 7000000, 1000000, 100000,
                        166000, 166000, 12
                    FROM n
                    """,
                arguments: [run])
        }
        guard run > 1 else { return try store.summarise(run: run, checksum: 0xABC) }
        try store.write("summarising run \(run)") { database in
            let columns = try String.fetchAll(
                database,
                sql: "SELECT name FROM pragma_table_info('run_summary') WHERE name <> 'run'"
            ).joined(separator: ", ")
            try database.execute(
                sql: """
                    INSERT INTO run_summary (run, \(columns))
                    SELECT ?, \(columns) FROM run_summary WHERE run = 1
                    """,
                arguments: [run])
        }
    }
}
