import Foundation
import Judging
import RunStore

/// The runs of one side of a gate, read from where they are recorded.
struct JudgedRuns {
    /// The word that named them.
    let reference: String
    /// Database that they are in.
    let path: String
    /// Numbers in that database, in the order of `runs`.
    let numbers: [Int64]
    /// In the order of recording.
    let runs: [MeasuredRun]
    /// What calibration found, in that database.
    let noise: [NoiseRow]

    /// Reads them.
    ///
    /// - Throws: `RunReference.Trouble` or `StoreError`.
    init(_ reference: String, database: String) throws {
        self.reference = reference
        let chosen = try Self.choose(reference, database: database)
        path = chosen.path
        let store = try RunStore(path: path, readOnly: true)
        let named = try chosen.numbers ?? store.runs().filter(\.status.isFinal).map(\.run)
        numbers = named
        noise = try store.noise()
        let isOther = path != database
        let source = isOther ? URL(filePath: path).lastPathComponent : nil
        runs = try store.samples(runs: named).map { MeasuredRun($0, source: source) }
    }

    /// The database, and numbers of runs in it; `nil` for all of them.
    private static func choose(
        _ reference: String, database: String
    ) throws -> (path: String, numbers: [Int64]?) {
        let isThere = FileManager.default.fileExists(atPath: database)
        let shelf =
            isThere
            ? try Self.shelf(try RunStore(path: database, readOnly: true))
            : RunReference.Shelf(entries: [], baselines: [:])
        let target = try RunReference.resolve(reference, among: shelf) { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        switch target {
        case .file(let path): return (path, nil)
        case .runs(let numbers): return (database, numbers)
        }
    }

    /// What can be named in a database.
    static func shelf(_ store: RunStore) throws -> RunReference.Shelf {
        let ended = try store.runs().filter(\.status.isFinal)
        return RunReference.Shelf(
            entries: ended.map {
                RunReference.Shelf.Entry(
                    run: $0.run, experiment: $0.experiment, revision: $0.gitRevision)
            },
            baselines: Dictionary(
                try store.baselines().map { ($0.name, $0.runs) }, uniquingKeysWith: { $1 }))
    }

    /// Revisions that they were made with.
    var revisions: Set<String?> { Set(runs.map(\.revision)) }
}
