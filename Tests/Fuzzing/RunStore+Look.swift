import Experiment
import Reporting
import RunStore

extension RunStore {
    /// Asks for everything that people can see of a run. Only what lacks may be refused.
    func look(at run: Int64) throws {
        let detail = try detail(run: run)
        let steps = try steps(run: run)
        for format in [OutputFormat.table, .json] {
            _ = RunReport.render(detail, steps: steps, format: format, width: 100)
        }
        _ = try context(run: run).differingKeys(from: RunContext(hash: "", json: "{}"))
        _ = try lossCurve(run: run, points: 10)
        _ = try curve(run: run, stepsPerPart: 10)
        _ = try liveRuns()
        _ = try? Variant(json: detail.description.config)
        let ranks = try phases(run: run)
        _ = Explanation(detail.summary, ranks: ranks)?.render(.table)
        _ = try ReportPage.html(experiment: detail.summary.experiment, from: self)
        let runs = [(detail: detail, steps: steps)]
        _ = try? TraceExport.json(runs)
        _ = try? MLPerfExport.lines(runs)
        _ = try? MLflowExport.files(runs, folder: "/m")
        _ = try recoveries(run: run).map { try lossAround(run: run, step: $0.step) }
        _ = FaultFigures(of: detail.recoveries)
        _ = RunSummary(
            of: .init(workers: 2, batch: 8, topology: "server", parameters: 100, target: 0),
            steps: steps, evaluations: detail.evaluations)
    }
}
