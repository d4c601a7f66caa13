public import RunStore
import Statistics

/// Runs gathered into variants, and what they say of each against its baseline.
public struct VariantComparison: Sendable {
    /// By the order of the rows.
    public private(set) var rows: [VariantRow]
    /// Runs that asked for something else than their variant's newest one: left out.
    public private(set) var strangers: [ComparisonRow] = []
    /// A share by which times may differ without its mattering.
    public let noise: Double

    /// - Parameter rows: runs with the variant that their speed-ups refer to, its own among them.
    public init(_ rows: [ComparisonRow], noise: Double) {
        self.noise = noise
        var order: [Key] = []
        var groups: [Key: [ComparisonRow]] = [:]
        for row in rows {
            let key = Key(experiment: row.experiment, variant: row.variant)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(row)
        }
        for (key, group) in groups {
            let asked = group.max { $0.run < $1.run }?.caseHash
            groups[key] = group.filter { $0.caseHash == asked }
            strangers += group.filter { $0.caseHash != asked }
        }
        strangers.sort { $0.run < $1.run }
        let members = order.map { groups[$0] ?? [] }
        self.rows = members.compactMap(Self.summary)
        compare(members)
    }

    private struct Key: Hashable {
        var experiment: String
        var variant: String
    }

    private static func summary(_ runs: [ComparisonRow]) -> VariantRow? {
        guard let first = runs.first else { return nil }
        let completed = runs.filter { $0.status == .completed }
        var row = VariantRow(first)
        row.runs = completed.count
        row.otherRuns = runs.count - completed.count
        row.seeds = completed.map(\.seed).sorted()
        let steps = completed.compactMap(\.stepMilliseconds.total)
        row.stepMilliseconds = Quantiles.median(steps)
        row.leastStepMilliseconds = steps.min()
        row.greatestStepMilliseconds = steps.max()
        row.bytesSentPerWorkerStep = Quantiles.median(
            completed.compactMap(\.bytesSentPerWorkerStep))
        row.finalLoss = Quantiles.median(completed.compactMap(\.finalLoss))
        row.finalAccuracy = Quantiles.median(completed.compactMap(\.finalAccuracy))
        return row
    }

    private mutating func compare(_ members: [[ComparisonRow]]) {
        let asked = rows.indices.filter { index in
            rows[index].baseline != nil && !rows[index].isBaseline
        }
        var tests: [(index: Int, base: Int, test: SpeedTest)] = []
        for index in asked {
            let row = rows[index]
            let base = rows.firstIndex {
                $0.experiment == row.experiment && $0.variant == row.baseline
            }
            guard let base else { continue }
            rows[index].verdict = .cannotTell
            let test = SpeedTest(
                Self.timings(members[index]), against: Self.timings(members[base]),
                questions: asked.count)
            if let test { tests.append((index, base, test)) }
        }
        let adjusted = Holm.adjusted(tests.map(\.test.p))
        for (found, p) in zip(tests, adjusted) {
            rows[found.index].take(found.test, adjusted: p)
            let runs = members[found.index] + members[found.base]
            let contexts = Set(runs.filter { $0.status == .completed }.map(\.contextHash))
            guard contexts.count == 1 else { continue }
            rows[found.index].verdict = found.test.verdict(adjusted: p, noise: noise)
        }
    }

    /// Milliseconds per sample of all workers, so that variants may differ in workers and batch.
    private static func timings(_ runs: [ComparisonRow]) -> [SpeedTest.Timing] {
        runs.compactMap { run in
            guard let step = run.stepMilliseconds.total else { return nil }
            let samples = max(1, Double(run.workers) * Double(run.batch))
            return SpeedTest.Timing(seed: run.seed, value: step / samples)
        }
    }
}

extension VariantRow {
    fileprivate mutating func take(_ found: SpeedTest, adjusted: Double) {
        speedup = found.ratio.ratio
        speedupLower = found.ratio.lower
        speedupUpper = found.ratio.upper
        test = found.kind.rawValue
        p = found.p
        smallestP = found.smallestP
        adjustedP = adjusted
    }
}
