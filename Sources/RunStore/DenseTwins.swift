/// The dense runs that compressing ones are held against.
struct DenseTwins {
    private struct Setting: Hashable {
        var topology: String
        var workers: Int
        var model: String
        var dataset: String
        var batch: Int
        var link: String?
        var context: String

        init(_ row: ComparisonRow) {
            topology = row.topology
            workers = row.workers
            model = row.model
            dataset = row.dataset
            batch = row.batch
            link = row.link
            context = row.contextHash
        }
    }

    private let dense: [Setting: [ComparisonRow]]

    /// - Parameter rows: measured runs of one experiment, those that go before others first.
    init(among rows: [ComparisonRow]) {
        dense = Dictionary(grouping: rows.filter { $0.methodName == "dense" }, by: Setting.init)
    }

    /// The dense run with the same topology, workers, model, data set, batch, link and context: of
    /// the same seed where there is one, and of several the fastest, the hardest to beat. `nil` for a
    /// dense run itself, and where there is none.
    func twin(of row: ComparisonRow) -> ComparisonRow? {
        guard row.methodName != "dense", let twins = dense[Setting(row)] else { return nil }
        let same = twins.filter { $0.seed == row.seed }
        return (same.isEmpty ? twins : same).max {
            ($0.samplesPerSecond ?? 0) < ($1.samplesPerSecond ?? 0)
        }
    }
}

extension ComparisonRow {
    /// Takes the speed-up against a variant: of the same seed where it has one.
    mutating func measure(against variant: String, among rows: [ComparisonRow]) {
        baseline = variant
        let references = rows.filter { $0.variant == variant }
        guard let reference = references.first(where: { $0.seed == seed }) ?? references.first,
            let base = reference.samplesPerSecond, base > 0
        else { return }
        baselineRun = reference.run
        speedup = samplesPerSecond.map { $0 / base }
    }

    /// Takes the break-even against a dense twin; a speed-up of a compressing method without one
    /// is unproven.
    mutating func hold(against twin: ComparisonRow?) {
        guard methodName != "dense" else { return }
        denseTwin = twin?.run
        if let speed = samplesPerSecond, let dense = twin?.samplesPerSecond, dense > 0 {
            denseTwinSpeedup = speed / dense
        }
        isUnproven = twin == nil && speedup != nil
        let answer = twin.flatMap { BreakEven(of: self, against: $0) }
        breakEven = answer?.verdict
        breakEvenBitsPerSecond = answer?.bitsPerSecond
    }
}
