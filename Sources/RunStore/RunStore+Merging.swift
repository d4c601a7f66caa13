import Foundation
import GRDB

/// What a merge did.
public struct MergeOutcome: Equatable, Sendable {
    /// Runs that were taken.
    public var added = 0
    /// Runs that were there already, by their UUID.
    public var known = 0
    /// UUIDs of those of them that have other values in the other database: run or summary was
    /// changed after they were copied. The ones here are kept.
    public var differing: [String] = []
    /// Runs that are queued or running in the other database, and were left to its coordinator.
    public var unfinished = 0
}

extension RunStore {
    /// Takes over the runs of another database that are not here yet, with everything recorded of
    /// them, in one transaction. They get new numbers, in the order of the old ones. The other
    /// database is only read; an older one is upgraded in a copy.
    ///
    /// - Parameter runs: their numbers in the other database; `nil` for all.
    /// - Throws: `StoreError`, naming the file that it is about.
    public func merge(from other: String, runs: [Int64]? = nil) throws(StoreError) -> MergeOutcome {
        let source: RunStore
        do throws(StoreError) {
            source = try RunStore(path: other, readOnly: true)
        } catch .olderVersion {
            let copy = try UpgradedCopy(of: other)
            return try attached(copy.path, named: other, runs)
        } catch .missing {
            throw .nothingToTake(path: other)
        } catch {
            throw error
        }
        return try attached(source.location, named: other, runs)
    }

    /// Writes a new database that holds these runs alone, as far as they have ended.
    ///
    /// - Throws: `StoreError`; the file is there whole or not at all.
    public func archive(runs: [Int64], to file: String) throws(StoreError) {
        let partial = file + ".partial"
        try? FileManager.default.removeItem(atPath: partial)
        defer { try? FileManager.default.removeItem(atPath: partial) }
        do {
            let archive = try RunStore(path: partial)
            _ = try archive.attached(location, named: path, runs)
            try archive.leaveWriteAheadLog()
        }
        guard rename(partial, file) == 0 else {
            throw .storage(
                .cannotOpen, path: file, operation: "writing the archive",
                detail: String(cString: strerror(errno)))
        }
    }

    private func attached(
        _ location: String, named other: String, _ runs: [Int64]?
    ) throws(StoreError) -> MergeOutcome {
        try writeUnwrapped("merging \(other)") { database in
            try database.execute(sql: "ATTACH DATABASE ? AS other", arguments: [location])
            defer { try? database.execute(sql: "DETACH DATABASE other") }
            var outcome = MergeOutcome()
            try database.inTransaction {
                let records = try Self.recordTables(in: database)
                try Self.requireOwnShape(
                    of: ["experiment", "run"] + records, path: other, in: database)
                outcome = try Self.merge(runs, records, in: database)
                return .commit
            }
            return outcome
        }
    }

    private static func merge(
        _ runs: [Int64]?, _ records: [String], in database: Database
    ) throws -> MergeOutcome {
        let asked =
            runs.map { "o.id IN (" + $0.map(String.init).joined(separator: ", ") + ")" } ?? "TRUE"
        let ended = "o.status NOT IN ('queued', 'running')"
        let isNew = "o.uuid NOT IN (SELECT uuid FROM main.run)"
        func count(_ condition: String) throws -> Int {
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM other.run o WHERE \(asked) AND \(condition)") ?? 0
        }
        var outcome = MergeOutcome()
        outcome.known = try count("NOT \(isNew)")
        outcome.differing = try differing(asked, ended, in: database)
        outcome.unfinished = try count("\(isNew) AND NOT \(ended)")
        outcome.added = try count("\(isNew) AND \(ended)")
        let newest = try Int64.fetchOne(database, sql: "SELECT max(id) FROM main.run") ?? 0
        let columns = try columns(of: "run", in: database).filter {
            $0 != "id" && $0 != "experiment"
        }
        let names = columns.joined(separator: ", ")
        let values = columns.map { "o.\($0)" }.joined(separator: ", ")
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO main.experiment (name, text, created_at)
                    SELECT DISTINCT e.name, e.text, e.created_at
                    FROM other.run o JOIN other.experiment e ON e.id = o.experiment
                    WHERE \(asked) AND \(ended) AND \(isNew) ORDER BY e.id;
                INSERT INTO main.run (experiment, \(names))
                    SELECT m.id, \(values)
                    FROM other.run o JOIN other.experiment e ON e.id = o.experiment
                    JOIN main.experiment m ON m.name = e.name AND m.text = e.text
                    WHERE \(asked) AND \(ended) AND \(isNew) ORDER BY o.id;
                CREATE TEMP TABLE merged AS SELECT o.id AS old, r.id AS new
                    FROM main.run r JOIN other.run o ON o.uuid = r.uuid WHERE r.id > \(newest);
                """)
        for table in records { try takeOver(table, in: database) }
        try database.execute(sql: "DROP TABLE temp.merged")
        return outcome
    }

    /// Ended runs of both databases whose rows in `run` or `run_summary` are not the same.
    private static func differing(
        _ asked: String, _ ended: String, in database: Database
    ) throws -> [String] {
        func comparison(
            _ table: String, _ theirs: String, _ mine: String, without keys: [String]
        ) throws -> String {
            try columns(of: table, in: database).filter { !keys.contains($0) }
                .map { "\(theirs).\($0) IS NOT \(mine).\($0)" }
                .joined(separator: " OR ")
        }
        let run = try comparison("run", "o", "m", without: ["id", "experiment"])
        let summary = try comparison("run_summary", "os", "ms", without: ["run"])
        return try String.fetchAll(
            database,
            sql: """
                SELECT o.uuid FROM other.run o JOIN main.run m ON m.uuid = o.uuid
                LEFT JOIN other.run_summary os ON os.run = o.id
                LEFT JOIN main.run_summary ms ON ms.run = m.id
                WHERE \(asked) AND \(ended) AND m.status NOT IN ('queued', 'running')
                    AND (\(run) OR \(summary))
                ORDER BY o.id
                """)
    }

    /// Tables whose rows belong to one run, told by a foreign key to it and to nothing else.
    private static func recordTables(in database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT m.name FROM main.sqlite_master m, pragma_foreign_key_list(m.name) f
                WHERE m.type = 'table' AND m.name IN (SELECT name FROM other.sqlite_master)
                GROUP BY m.name
                HAVING count(*) = 1 AND max(f."table") = 'run' AND max(f."from") = 'run'
                ORDER BY m.name
                """)
    }

    private static func takeOver(_ table: String, in database: Database) throws {
        // An `id` numbers rows of one file.
        let columns = try columns(of: table, in: database).filter { $0 != "run" && $0 != "id" }
        let names = columns.joined(separator: ", ")
        let values = columns.map { "o.\($0)" }.joined(separator: ", ")
        try database.execute(
            sql: """
                INSERT INTO main.\(table) (run, \(names))
                SELECT merged.new, \(values)
                FROM temp.merged JOIN other.\(table) o ON o.run = merged.old
                """)
    }

    private static func columns(of table: String, in database: Database) throws -> [String] {
        try String.fetchAll(
            database,
            sql: "SELECT name FROM pragma_table_info(?, 'main')", arguments: [table])
    }
}

/// A database of an older version, upgraded in a folder of its own that goes with it.
private final class UpgradedCopy {
    let path: String
    private let folder: URL

    init(of source: String) throws(StoreError) {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "peerless-upgrade-\(UUID().uuidString)")
        path = folder.appending(path: "copy.db").path(percentEncoded: false)
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            var configuration = Configuration()
            configuration.readonly = true
            let from = try RunStore.reader(of: source, configuration).queue
            try from.backup(to: try DatabaseQueue(path: path))
        } catch {
            throw RunStore.failure("copying", error, path: source)
        }
        _ = try RunStore(path: path)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}
