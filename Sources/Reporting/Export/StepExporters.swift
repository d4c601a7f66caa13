import RunStore

/// Steps as comma-separated values under one header.
struct CSVExporter: RunExporter {
    var opening: String { StepExport.csv([]) }
    var closing: String { "" }

    func text(of run: ExportedRun, isFirst: Bool) -> String { StepExport(run).records }
}

/// Runs as one JSON array.
struct JSONExporter: RunExporter {
    var opening: String { "[\n" }
    var closing: String { "\n]\n" }

    func text(of run: ExportedRun, isFirst: Bool) -> String {
        (isFirst ? "" : ",\n") + JSONText.render(StepExport(run)).dropLast()
    }
}

extension StepExport {
    /// The part of a run that says what was measured.
    init(_ run: ExportedRun) {
        self.init(run.row, steps: run.steps, evaluations: run.detail.evaluations)
    }
}
