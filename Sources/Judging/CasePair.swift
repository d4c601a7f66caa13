/// The runs of one variant on both sides.
public struct CasePair: Equatable, Sendable {
    /// Name of the experiment.
    public var experiment: String
    /// Name of the variant.
    public var variant: String
    /// Runs that the candidate is held against.
    public var baseline: [MeasuredRun]
    /// Runs that are judged.
    public var candidate: [MeasuredRun]

    /// Cases that one of the sides has, in the order in which they first came.
    public static func pairs(
        baseline: [MeasuredRun], candidate: [MeasuredRun]
    ) -> [CasePair] {
        var pairs: [CasePair] = []
        func place(_ run: MeasuredRun) -> Int {
            let found = pairs.firstIndex {
                $0.experiment == run.experiment && $0.variant == run.variant
            }
            if let found { return found }
            pairs.append(
                CasePair(
                    experiment: run.experiment, variant: run.variant, baseline: [], candidate: []))
            return pairs.count - 1
        }
        for run in baseline { pairs[place(run)].baseline.append(run) }
        for run in candidate { pairs[place(run)].candidate.append(run) }
        return pairs
    }

    /// Where the two sides, or runs of one side, were asked for or ran on other things.
    public var differences: [ContextDifference] {
        guard let first = baseline.first ?? candidate.first else { return [] }
        var found: [ContextDifference] = []
        for run in baseline + candidate {
            let here =
                ContextDifference.between(
                    first.context, run.context, equal: first.contextHash == run.contextHash,
                    prefix: "", whole: "context")
                + ContextDifference.between(
                    first.asked, run.asked, equal: first.caseHash == run.caseHash,
                    prefix: "case.", whole: "case")
            found += here.filter { one in !found.contains { $0.key == one.key } }
        }
        return found.sorted { $0.key < $1.key }
    }

    /// Runs of equal seeds on both sides, in the order in which they were made; the others are left
    /// out.
    func sharedSeeds(_ metric: Metric) -> [(first: Double, second: Double)] {
        var others = Dictionary(grouping: candidate, by: \.seed)
        return baseline.compactMap { run in
            guard let other = others[run.seed]?.first else { return nil }
            others[run.seed]?.removeFirst()
            guard let first = run.values[metric], let second = other.values[metric] else {
                return nil
            }
            return (first, second)
        }
    }

    /// Only the runs that have a partner of their seed; all of them where none has.
    var onSharedSeeds: CasePair {
        var pair = self
        pair.baseline = []
        pair.candidate = []
        var others = Dictionary(grouping: candidate, by: \.seed)
        for run in baseline {
            guard let other = others[run.seed]?.first else { continue }
            others[run.seed]?.removeFirst()
            pair.baseline.append(run)
            pair.candidate.append(other)
        }
        return pair.baseline.isEmpty ? self : pair
    }

    /// Whether every run has a partner of its seed.
    var isPaired: Bool {
        !baseline.isEmpty && baseline.map(\.seed).sorted() == candidate.map(\.seed).sorted()
    }

    /// Values of both sides.
    func samples(_ metric: Metric) -> (first: [Double], second: [Double]) {
        (baseline.compactMap { $0.values[metric] }, candidate.compactMap { $0.values[metric] })
    }
}
