public import RunStore

/// A run with its raw measurements, for other programs.
public struct StepExport: Encodable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// Name of the experiment.
    public var experiment: String
    /// Name of the variant.
    public var variant: String
    /// Seed of the run.
    public var seed: UInt64
    /// Where the run stands.
    public var status: RunStatus
    /// Number of workers; ranks from there on are servers.
    public var workers: Int
    /// By rank, then step.
    public var steps: [StepRow]
    /// By step.
    public var evaluations: [EvaluationRow]

    /// A run's measurements under its names.
    public init(_ row: ComparisonRow, steps: [StepRow], evaluations: [EvaluationRow]) {
        run = row.run
        experiment = row.experiment
        variant = row.variant
        seed = row.seed
        status = row.status
        workers = row.workers
        self.steps = steps
        self.evaluations = evaluations
    }

    /// An array of objects, one per run.
    public static func json(_ runs: [StepExport]) -> String {
        JSONText.render(runs)
    }

    /// A header and one record per run, rank and step, with the names of the table `step`.
    public static func csv(_ runs: [StepExport]) -> String {
        runs.reduce(CommaSeparated.line(header)) { $0 + $1.records }
    }

    /// One record per rank and step.
    var records: String {
        let names = [String(run), experiment, variant, String(seed)]
        var text = ""
        for step in steps {
            let role = step.rank < workers ? "worker" : "server"
            text += CommaSeparated.line(names + [role] + Self.fields(step))
        }
        return text
    }

    private static let header = [
        "run", "experiment", "variant", "seed", "role", "rank", "step", "loss",
        "total_nanoseconds", "compute_nanoseconds", "encode_nanoseconds", "exchange_nanoseconds",
        "wait_nanoseconds", "decode_nanoseconds", "update_nanoseconds", "bytes_sent",
        "bytes_received", "messages_sent", "hidden_nanoseconds",
    ]

    private static func fields(_ step: StepRow) -> [String] {
        [
            String(step.rank), String(step.step), CommaSeparated.value(step.loss),
            String(step.totalNanoseconds), String(step.computeNanoseconds),
            String(step.encodeNanoseconds), String(step.exchangeNanoseconds),
            String(step.waitNanoseconds), String(step.decodeNanoseconds),
            String(step.updateNanoseconds), String(step.bytesSent), String(step.bytesReceived),
            String(step.messagesSent), String(step.hiddenNanoseconds),
        ]
    }
}
