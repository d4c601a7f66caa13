import Foundation
import GRDB

/// Questions that are asked again and again while runs go on: each reads a bounded part of the
/// steps, along the table's key.
extension RunStore {
    /// Steps per worker that live figures are means of.
    private static let newest = 20
    /// Workers that are looked at.
    private static let ranks = 64

    /// How the training loss of a run's rank 0 went, in about so many points.
    ///
    /// - Parameter points: at least 1.
    public func lossCurve(run: Int64, points: Int) throws(StoreError) -> LossCurve {
        try read("reading losses of run \(run)") { database in
            let last: Int? = try StoredRow.value(
                database, sql: "SELECT max(step) FROM step WHERE run = ? AND rank = 0",
                arguments: [run])
            guard let last else { return LossCurve(losses: [], lastStep: -1) }
            let part = min(last, .max - 1) / max(1, points) + 1
            let losses: [Double] = try StoredRow.values(
                database,
                sql: """
                    SELECT avg(loss) FROM step WHERE run = ? AND rank = 0 AND loss IS NOT NULL
                    GROUP BY step / ? ORDER BY step / ?
                    """,
                arguments: [run, part, part])
            return LossCurve(losses: losses, lastStep: last)
        }
    }

    /// A number that is another one after another program has changed the database.
    public func changeMark() throws(StoreError) -> Int64 {
        try read("looking for changes") { database in
            try Int64.fetchOne(database, sql: "PRAGMA data_version") ?? 0
        }
    }

    /// How many runs stand how.
    public func runCounts() throws(StoreError) -> [RunStatus: Int] {
        try read("counting runs") { database in
            let rows = try StoredRow.fetchAll(
                database, sql: "SELECT status, count(*) AS runs FROM run GROUP BY status")
            var counts: [RunStatus: Int] = [:]
            for row in rows { counts[try Self.status(row)] = try row["runs"] }
            return counts
        }
    }

    /// The experiments, the one that ran last first.
    public func experiments(limit: Int) throws(StoreError) -> [ExperimentOverview] {
        try read("listing experiments") { database in
            try StoredRow.fetchAll(
                database,
                sql: """
                    SELECT experiment.name, count(*) AS runs, sum(status = 'running') AS running,
                        max(run.id) AS newest
                    FROM run JOIN experiment ON experiment.id = run.experiment
                    GROUP BY experiment.name ORDER BY newest DESC LIMIT ?
                    """,
                arguments: [limit]
            ).map { row in
                try ExperimentOverview(
                    name: row["name"], runs: row["runs"], running: row["running"],
                    newestRun: row["newest"])
            }
        }
    }

    /// Whether a run of an experiment of this name is recorded.
    public func hasExperiment(_ name: String) throws(StoreError) -> Bool {
        try read("looking for experiment \(name)") { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT 1 FROM run JOIN experiment ON experiment.id = run.experiment
                    WHERE experiment.name = ? LIMIT 1
                    """,
                arguments: [name]) != nil
        }
    }

    /// The runs that are going on, newest first, at most so many.
    public func liveRuns(limit: Int = 20) throws(StoreError) -> [LiveRun] {
        try read("reading what goes on") { database in
            try StoredRow.fetchAll(
                database,
                sql: """
                    SELECT run.id, experiment.name, variant, seed, workers, batch
                    FROM run JOIN experiment ON experiment.id = run.experiment
                    WHERE status = 'running' ORDER BY run.id DESC LIMIT ?
                    """,
                arguments: [limit]
            ).map { try Self.live($0, in: database) }
        }
    }

    private static func live(_ row: StoredRow, in database: Database) throws -> LiveRun {
        var live = try LiveRun(
            run: row["id"], experiment: row["name"], variant: row["variant"],
            seed: UInt64(bitPattern: row["seed"]), workers: row["workers"])
        let batch: Int = try row["batch"]
        let ranks = try (0..<max(0, min(live.workers, Self.ranks))).map { rank in
            try StoredRow.fetchAll(
                database,
                sql: "SELECT * FROM step WHERE run = ? AND rank = ? ORDER BY step DESC LIMIT ?",
                arguments: [live.run, rank, newest])
        }
        live.step =
            try ranks.map { rows in
                let last: Int? = try rows.first.map { try $0["step"] }
                return (last ?? -1).addingClamped(1)
            }.min() ?? 0
        let steps = ranks.flatMap(\.self)
        func mean(_ column: String) throws -> Double? {
            FaultFigures.mean(try steps.compactMap { try $0[column] as Double? })
        }
        live.loss = try mean("loss")
        live.stepMilliseconds = try StepMilliseconds(means: mean)
        live.bytesSentPerWorkerStep = try mean("bytes_sent")
        live.bytesReceivedPerWorkerStep = try mean("bytes_received")
        if let total = live.stepMilliseconds.total, total > 0 {
            live.samplesPerSecond = Double(batch) * Double(live.workers) / total * 1_000
        }
        live.lastStepAt = try lastMoment(of: live.run, ranks.compactMap(\.first), in: database)
        live.accuracy = try StoredRow.value(
            database,
            sql: """
                SELECT accuracy FROM evaluation WHERE run = ? AND split = 'test'
                ORDER BY step DESC LIMIT 1
                """,
            arguments: [live.run])
        return live
    }

    private static func lastMoment(
        of run: Int64, _ steps: [StoredRow], in database: Database
    ) throws -> Date? {
        let nodes = try nodes(run, in: database)
        let newest = nodes.map(\.generation).max()
        let ends = try steps.compactMap { step -> Int64? in
            let rank: Int = try step["rank"]
            let node = nodes.first { $0.generation == newest && $0.rank == rank }
            guard let began: Int64 = try step["began_nanoseconds"],
                let offset = node?.clockOffsetNanoseconds
            else { return nil }
            let total: Int64 = try step["total_nanoseconds"]
            return began.addingClamped(offset).addingClamped(total)
        }
        return ends.max().map { Date(timeIntervalSince1970: Double($0) / 1e9) }
    }
}

extension StepMilliseconds {
    /// From the means of the columns of the step table.
    init(means mean: (String) throws -> Double?) throws {
        func milliseconds(_ phase: String) throws -> Double? {
            try mean("\(phase)_nanoseconds").map { $0 / 1e6 }
        }
        self.init()
        total = try milliseconds("total")
        compute = try milliseconds("compute")
        encode = try milliseconds("encode")
        exchange = try milliseconds("exchange")
        wait = try milliseconds("wait")
        decode = try milliseconds("decode")
        update = try milliseconds("update")
        hidden = try milliseconds("hidden")
    }
}
