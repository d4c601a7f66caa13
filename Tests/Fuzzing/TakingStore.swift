import Reporting
import RunStore

/// A database that takes over what it is given, and is asked for it in every way.
final class TakingStore {
    private let folder: ScratchFolder
    private let store: RunStore

    init() throws {
        folder = try ScratchFolder()
        store = try RunStore(path: folder.path + "/mine.db")
    }

    /// Whether a run was taken; then it is looked at and forgotten.
    func takes(_ path: String) throws -> Bool {
        guard let outcome = try? store.merge(from: path) else { return false }
        let runs = try store.runs()
        guard runs.count == outcome.added else { throw Broken("\(runs.count) runs are here") }
        guard outcome.added > 0 else { return false }
        defer { _ = try? store.prune(runs: runs.map(\.run)) }
        for format in [OutputFormat.table, .json, .csv] {
            _ = RunsTable.render(runs, format: format, width: 100)
        }
        let rows = try store.comparison(ComparisonFilter(runs: runs.map(\.run)))
        _ = ComparisonTable.render(rows, format: .table, width: 100)
        for run in runs.map(\.run) { try store.look(at: run) }
        return true
    }
}
