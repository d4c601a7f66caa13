import Experiment
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
        for run in runs.map(\.run) { try look(at: run) }
        return true
    }

    private func look(at run: Int64) throws {
        let detail = try store.detail(run: run)
        let steps = try store.steps(run: run)
        for format in [OutputFormat.table, .json] {
            _ = RunReport.render(detail, steps: steps, format: format, width: 100)
        }
        _ = try store.context(run: run).differingKeys(from: RunContext(hash: "", json: "{}"))
        _ = try store.lossCurve(run: run, points: 10)
        _ = try? store.curve(run: run, stepsPerPart: 10)
        _ = try? Variant(json: detail.description.config)
        let ranks = try store.phases(run: run)
        _ = Explanation(detail.summary, ranks: ranks)?.render(.table)
    }
}
