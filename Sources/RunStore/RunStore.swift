import Dispatch
import Foundation
import GRDB

/// The record of every run: one SQLite file in WAL mode, with one writer (the coordinator) and any
/// number of readers in this and other processes.
public final class RunStore: Sendable {
    /// Path of the database file, as given.
    public let path: String
    /// How SQLite is told the file; a reader's may be more than the path.
    let location: String
    private let queue: DatabaseQueue
    private let conditionSeconds: Double
    private let isReader: Bool

    /// Opens a database; creates and migrates it unless `readOnly`.
    ///
    /// An existing file is examined through a read-only connection first, so that a damaged file
    /// or one of another program is never written to.
    ///
    /// - Throws: `StoreError`, naming the path and what to do.
    public convenience init(path: String, readOnly: Bool = false) throws(StoreError) {
        try self.init(path: path, readOnly: readOnly, limits: Limits())
    }

    /// Opens a database within limits.
    package init(path: String, readOnly: Bool = false, limits: Limits) throws(StoreError) {
        self.path = path
        isReader = readOnly
        conditionSeconds = limits.conditionSeconds
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if readOnly, !exists { throw .missing(path: path) }
        if exists, let kind = Self.wrongKind(of: path, isFolder: isFolder.boolValue) {
            throw .storage(
                .cannotOpen, path: path, operation: "opening", detail: "it is \(kind)")
        }
        do {
            if exists {
                let (reader, location) = try Self.reader(of: path, Self.reading(limits))
                let whole = readOnly ? nil : limits.checkedBytes
                try reader.read { try Self.examine($0, path: path, checkedBytes: whole) }
                if readOnly {
                    queue = reader
                    self.location = location
                    return
                }
            }
            location = path
            queue = try DatabaseQueue(path: path, configuration: Self.writing(limits))
            try Schema.migrator.migrate(queue)
        } catch {
            throw Self.failure("opening", error, path: path)
        }
    }

    deinit {
        guard isReader, location == path else { return }
        try? queue.close()
        Self.tidy(path)
    }

    /// How long and how large.
    package struct Limits: Sendable {
        /// How long an operation waits for another program's transaction.
        package var busySeconds = 10.0
        /// How long a question with a user's own condition may take.
        package var conditionSeconds = 10.0
        /// Pages that the file may have; `nil` for what the disk holds.
        package var pages: Int?
        /// Size up to which a file's every page is checked before it is written to. Of a larger one
        /// all tables but `step` are: reading gigabytes before every run would take longer than
        /// many a run, and a damaged page of steps is told when it is read.
        package var checkedBytes = 64 << 20

        package init(busySeconds: Double = 10, pages: Int? = nil, checkedBytes: Int = 64 << 20) {
            self.busySeconds = busySeconds
            self.pages = pages
            self.checkedBytes = checkedBytes
        }
    }

    /// What a path leads to that is no file; a pipe would be waited for without end.
    private static func wrongKind(of path: String, isFolder: Bool) -> String? {
        guard !isFolder else { return "a folder" }
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG else { return nil }
        return "a pipe, socket or device, and no file"
    }

    private static func reading(_ limits: Limits) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(limits.busySeconds)
        return configuration
    }

    /// GRDB sets `synchronous` to NORMAL together with WAL: a power cut may lose the last
    /// transactions, never the file; a killed process loses none.
    private static func writing(_ limits: Limits) -> Configuration {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(limits.busySeconds)
        if let pages = limits.pages {
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA max_page_count = \(pages)")
            }
        }
        return configuration
    }

    /// - Parameter checkedBytes: the size up to which every page is checked, for a writer.
    private static func examine(_ database: Database, path: String, checkedBytes: Int?) throws {
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        let mark = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard tables > 0 || mark != 0 else {
            // An empty file: a writer may fill it, a reader finds nothing.
            if checkedBytes == nil { throw StoreError.nothingRecorded(path: path) }
            return
        }
        guard mark == Schema.applicationID else { throw StoreError.foreign(path: path) }
        if try Schema.migrator.hasBeenSuperseded(database) {
            throw StoreError.otherVersion(path: path)
        }
        if let checkedBytes {
            try checkPages(database, path: path, checkedBytes: checkedBytes)
        } else if try !Schema.migrator.hasCompletedMigrations(database) {
            throw StoreError.olderVersion(path: path)
        }
    }

    private static func checkPages(
        _ database: Database, path: String, checkedBytes: Int
    ) throws {
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        var checks = ["PRAGMA quick_check(1)"]
        if pages * size > checkedBytes {
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'step'")
            checks = tables.map { "PRAGMA quick_check('\($0)')" }
        }
        for check in checks {
            let verdict = try String.fetchOne(database, sql: check) ?? "no answer"
            if verdict != "ok" { throw StoreError.damaged(path: path, detail: verdict) }
        }
    }

    /// Reads in one consistent snapshot.
    func read<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(StoreError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw Self.failure(operation, error, path: path)
        }
    }

    /// Reads for a filter, whose condition may be one that never ends: that is interrupted.
    func read<Value>(
        _ operation: String, matching filter: RunFilter, _ body: (Database) throws -> Value
    ) throws(StoreError) -> Value {
        guard filter.condition != nil else { return try read(operation, body) }
        let alarm = DispatchWorkItem { [queue] in queue.interrupt() }
        DispatchQueue.global().asyncAfter(deadline: .now() + conditionSeconds, execute: alarm)
        defer { alarm.cancel() }
        return try read(operation, body)
    }

    /// Writes in one transaction: all of it or nothing.
    func write<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(StoreError) -> Value {
        do {
            return try queue.write(body)
        } catch {
            throw Self.failure(operation, error, path: path)
        }
    }

    /// Writes without a transaction around it, for what cannot be in one.
    func writeUnwrapped<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(StoreError) -> Value {
        do {
            return try queue.writeWithoutTransaction(body)
        } catch {
            throw Self.failure(operation, error, path: path)
        }
    }

    /// Makes the one file hold everything, so that it may be copied or moved; for a last writer.
    func leaveWriteAheadLog() throws(StoreError) {
        try writeUnwrapped("closing") { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        do {
            try queue.close()
        } catch {
            throw Self.failure("closing", error, path: path)
        }
    }

    /// The error for what went wrong in an operation.
    package static func failure(
        _ operation: String, _ error: any Error, path: String
    ) -> StoreError {
        if let error = error as? StoreError { return error }
        if let error = error as? WrongValue {
            return .damaged(path: path, detail: error.description)
        }
        if error is RowDecodingError {
            let detail = "\(operation): a value of another type than its column's"
            return .damaged(path: path, detail: detail)
        }
        guard let error = error as? DatabaseError else {
            return .database(
                operation: "\(path): \(operation)", code: 0, detail: String(describing: error))
        }
        let detail = error.message ?? "no message"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: return .damaged(path: path, detail: detail)
        default:
            if let trouble = StorageTrouble(error) {
                return .storage(trouble, path: path, operation: operation, detail: detail)
            }
            let code = error.extendedResultCode.rawValue
            return .database(
                operation: "\(path): \(operation)", code: code, detail: detail)
        }
    }
}
