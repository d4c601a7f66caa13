import RunStore

/// What a report is made from: read once, in a size that does not grow with the number of steps.
struct ReportData: Equatable, Sendable {
    /// Points of a curve, about.
    static let points = 120

    /// Name of the experiment.
    var experiment: String
    /// In the order in which they first ran.
    var variants: [ReportVariant]
    /// Runs of the experiment besides the newest of every variant and seed.
    var earlierRuns = 0
    /// Keys in which the machines of the measured runs differ.
    var differingContext: [String] = []

    /// Every run, by variant, then seed.
    var runs: [ReportRun] { variants.flatMap(\.runs) }

    /// The newest run of every variant and seed of an experiment.
    ///
    /// - Throws: `StoreError.unknownExperiment` when no run of it is recorded.
    init(
        experiment: String, from store: RunStore, _ memory: CurveMemory = CurveMemory()
    ) throws(StoreError) {
        let rows = try store.comparison(ComparisonFilter(experiment: experiment))
        try self.init(experiment: experiment, rows, from: store, memory)
        let all = try store.runs(RunFilter(experiment: experiment))
        earlierRuns = max(0, all.count - rows.count)
    }

    /// Exactly these runs.
    ///
    /// - Throws: `StoreError.unknownRun` when one is not recorded.
    init(
        runs: [Int64], from store: RunStore, _ memory: CurveMemory = CurveMemory()
    ) throws(StoreError) {
        let rows = try store.comparison(ComparisonFilter(runs: runs))
        try self.init(
            experiment: rows.first?.experiment ?? "", rows, from: store, memory)
    }

    private init(
        experiment: String, _ rows: [ComparisonRow], from store: RunStore, _ memory: CurveMemory
    ) throws(StoreError) {
        self.experiment = experiment
        variants = []
        var names: [String] = []
        for row in rows where !names.contains(row.variant) { names.append(row.variant) }
        for name in names {
            let mine = rows.filter { $0.variant == name }
            variants.append(
                ReportVariant(
                    name: name, look: variants.count, runs: try Self.runs(mine, from: store, memory)
                ))
        }
        let measured = rows.filter { $0.samplesPerSecond != nil }.map(\.run)
        differingContext = try store.differingContextKeys(runs: measured)
    }

    /// Runs of one variant: parts of equal size, so that seeds can be held against each other.
    private static func runs(
        _ rows: [ComparisonRow], from store: RunStore, _ memory: CurveMemory
    ) throws(StoreError) -> [ReportRun] {
        var last = 0
        for row in rows { last = max(last, try store.lastStep(run: row.run) ?? 0) }
        var runs: [ReportRun] = []
        for row in rows {
            let detail = try store.detail(run: row.run)
            let curve = try memory.curve(
                of: detail, stepsPerPart: min(last, .max - 1) / points + 1, from: store)
            runs.append(ReportRun(row: row, detail: detail, curve: curve))
        }
        return runs
    }
}
