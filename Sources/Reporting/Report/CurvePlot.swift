public import Charts
public import RunStore

/// Loss or accuracy of an experiment or of some runs as one chart.
public struct CurvePlot: Equatable, Sendable {
    /// What is drawn.
    public let chart: Chart
    /// A sentence for each run that is not among the medians.
    public let remarks: [String]

    /// The newest run of every variant and seed: a line for each variant.
    ///
    /// - Throws: `StoreError` for an experiment that is not there, or that has nothing to draw.
    public init(
        experiment: String, _ across: CurveAcross, _ up: CurveUp, from store: RunStore
    ) throws(StoreError) {
        try self.init(ReportData(experiment: experiment, from: store), experiment, across, up)
    }

    /// Runs one by one, of one experiment or of several.
    ///
    /// - Throws: `StoreError` for a run that is not there, or where none has anything to draw.
    public init(
        runs: [Int64], _ across: CurveAcross, _ up: CurveUp, from store: RunStore
    ) throws(StoreError) {
        var data = try ReportData(runs: runs, from: store)
        data.variants = data.runs.enumerated().map { look, run in
            let row = run.row
            let name = "run \(row.run): \(row.experiment)/\(row.variant), seed \(row.seed)"
            return ReportVariant(name: name, look: look, runs: [run])
        }
        let name = runs.count == 1 ? "run \(runs[0])" : "\(runs.count) runs"
        try self.init(data, name, across, up)
    }

    private init(
        _ data: ReportData, _ name: String, _ across: CurveAcross, _ up: CurveUp
    ) throws(StoreError) {
        let curves = CurveChart(data.variants, across, up)
        guard !curves.lines.isEmpty else {
            throw up == .loss ? .noSteps(data.runs.first?.row.run ?? 0) : .nothingEvaluated(name)
        }
        chart = curves.chart(
            title: "\(name): \(up.title.lowercased()) against \(across.title.lowercased())")
        remarks = OverviewSection.alarms(data)
    }
}
