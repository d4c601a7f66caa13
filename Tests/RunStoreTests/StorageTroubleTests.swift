import Foundation
import GRDB
import RunStore
import Testing

@Suite struct StorageTroubleTests {
    private func trouble(_ error: StoreError?) -> StorageTrouble? {
        guard case .storage(let trouble, _, _, _) = error else { return nil }
        return trouble
    }

    @Test("a full disk is told in words; what was recorded stays, and recording goes on with room")
    func full() throws {
        let folder = try Folder()
        let run: Int64
        var recorded = 0
        do {
            let store = try RunStore(path: folder.database, limits: .init(pages: 60))
            run = try store.createRun(describedRun())
            let error = #expect(throws: StoreError.self) {
                while recorded < 100_000 {
                    let rows = (recorded..<recorded + 500).map { step(run: run, rank: 0, step: $0) }
                    try store.insert(steps: rows)
                    recorded += 500
                }
            }
            #expect(trouble(error) == .full && error?.isStorageTrouble == true)
            let words = try #require(error).description
            for part in [folder.database, "disk is full", "free some space", "stays readable"] {
                #expect(words.contains(part), "\(words)")
            }
            #expect(try store.steps(run: run).count == recorded)
        }
        let store = try RunStore(path: folder.database)
        #expect(try store.steps(run: run).count == recorded)
        try store.insert(steps: [step(run: run, rank: 0, step: recorded)])
        #expect(try store.steps(run: run).count == recorded + 1)
    }

    @Test("another program's transaction is waited for, then told; afterwards recording goes on")
    func locked() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database, limits: .init(busySeconds: 0.05))
        let run = try store.createRun(describedRun())
        try DatabaseQueue(path: folder.database).write { database in
            try database.execute(sql: "UPDATE run SET host = 'other'")
            let error = #expect(throws: StoreError.self) {
                try store.insert(steps: [step(run: run, rank: 0, step: 0)])
            }
            #expect(trouble(error) == .locked)
            #expect(error?.description.contains("another program holds the database") == true)
            #expect(try store.steps(run: run).isEmpty)
        }
        try store.insert(steps: [step(run: run, rank: 0, step: 0)])
        #expect(try store.steps(run: run).count == 1)
    }

    @Test("a folder in the file's place, and a folder that is not there, cannot be opened")
    func cannotOpen() throws {
        let folder = try Folder()
        for path in [folder.path, folder.path + "/none/runs.db"] {
            let error = #expect(throws: StoreError.self) { try RunStore(path: path) }
            #expect(trouble(error) == .cannotOpen, "\(String(describing: error))")
            #expect(error?.description.hasPrefix(path) == true)
            #expect(error?.isNotEnoughData == false)
        }
    }

    @Test("a database that may not be written is told, and can be read")
    func readOnly() throws {
        let folder = try Folder()
        let run = try RunStore(path: folder.database).completeRun(describedRun())
        let store = try RunStore(path: folder.database, readOnly: true)
        let error = #expect(throws: StoreError.self) {
            try store.setStatus(run: run, .failed)
        }
        #expect(trouble(error) == .readOnly)
        #expect(error?.description.contains("allow writing") == true)
        #expect(try store.runs().map(\.status) == [.completed])
    }

    /// A link to itself in its place keeps even root from making a file that SQLite wants.
    private func keepFromMaking(_ path: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
    }

    @Test("a database beside which no file can be made is read, merged and archived, not written")
    func loneFile() throws {
        let folder = try Folder()
        let path = folder.path + "/a #1%20?.db"
        let run = try RunStore(path: path).completeRun(describedRun())
        try keepFromMaking(path + "-shm")
        let store = try RunStore(path: path, readOnly: true)
        #expect(try store.runs().map(\.run) == [run])
        try store.archive(runs: [run], to: folder.path + "/archive.db")
        #expect(try RunStore(path: folder.database).merge(from: path).added == 1)
        let error = #expect(throws: StoreError.self) { try RunStore(path: path) }
        #expect(error?.isStorageTrouble == true, "\(String(describing: error))")
    }

    @Test("a file whose log cannot be read is not taken for all that was recorded")
    func fileWithLog() throws {
        let folder = try Folder()
        try RunStore(path: folder.database).completeRun(describedRun())
        try Data([1]).write(to: URL(fileURLWithPath: folder.database + "-wal"))
        try keepFromMaking(folder.database + "-shm")
        let error = #expect(throws: StoreError.self) {
            try RunStore(path: folder.database, readOnly: true)
        }
        #expect(error?.isStorageTrouble == true, "\(String(describing: error))")
    }

    @Test("each of SQLite's storage errors is told in words with path and remedy")
    func codes() {
        let codes: [(ResultCode, StorageTrouble?)] = [
            (.SQLITE_FULL, .full), (.SQLITE_READONLY, .readOnly), (.SQLITE_PERM, .readOnly),
            (.SQLITE_CANTOPEN, .cannotOpen), (.SQLITE_BUSY, .locked), (.SQLITE_LOCKED, .locked),
            (.SQLITE_IOERR, .inputOutput), (.SQLITE_CONSTRAINT, nil),
        ]
        for (code, expected) in codes {
            let error = RunStore.failure(
                "recording measurements", DatabaseError(resultCode: code), path: "/d/runs.db")
            #expect(trouble(error) == expected && error.isStorageTrouble == (expected != nil))
            guard expected != nil else { continue }
            #expect(error.description.hasPrefix("/d/runs.db: "))
            #expect(error.description.contains("recording measurements"))
        }
    }
}
