public import RunStore

/// Everything of one run that an export may tell.
public struct ExportedRun: Sendable {
    /// Its line in a comparison.
    public var row: ComparisonRow
    /// What was asked, and what happened.
    public var detail: RunDetail
    /// By rank, then step.
    public var steps: [StepRow]

    /// Memberwise.
    public init(row: ComparisonRow, detail: RunDetail, steps: [StepRow]) {
        self.row = row
        self.detail = detail
        self.steps = steps
    }
}

/// Tells runs to another program, one after another, so that only one is in memory.
public protocol RunExporter {
    /// Text before the first run.
    var opening: String { get }
    /// One run's text.
    ///
    /// - Parameter isFirst: whether none came before.
    func text(of run: ExportedRun, isFirst: Bool) -> String
    /// Text after the last run.
    var closing: String { get }
}

/// What other programs read.
public enum ExportFormat: String, CaseIterable, Sendable {
    /// A record per run, rank and step.
    case csv
    /// An array of runs with their steps and evaluations.
    case json
    /// A database of these runs alone, for `peerless import`.
    case archive
    /// A Chrome trace, with steps and phases on the axis of time.
    case trace
    /// A folder as MLflow's file store has it.
    case mlflow
    /// Log lines in the manner of MLPerf training.
    case mlperf

    /// What writes the format run by run as text; `nil` for a database, and for what needs all runs.
    public var exporter: (any RunExporter)? {
        switch self {
        case .csv: CSVExporter()
        case .json: JSONExporter()
        case .archive, .trace, .mlflow, .mlperf: nil
        }
    }
}
