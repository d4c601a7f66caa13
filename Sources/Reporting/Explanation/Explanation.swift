public import RunStore

/// What bounds a run's step, and the figures that say so.
public struct Explanation: Encodable, Sendable {
    /// What takes most of a step.
    public enum Bound: String, Encodable, Sendable {
        /// Forward and backward.
        case compute
        /// Encode, decode and update.
        case encode
        /// The bytes' time on the emulated link.
        case link
        /// Waiting for one rank that takes longer before it sends.
        case waiting
        /// The rest of exchange and wait: moving and adding bytes, rounds of latency.
        case exchange
    }

    /// A part of a step. The parts sum to the sum of the phases.
    public struct Part: Encodable, Sendable {
        /// What takes the time.
        public var bound: Bound
        /// Median over the workers.
        public var milliseconds: Double
        /// Of the sum of the parts, 0 to 1.
        public var share: Double
    }

    /// Number of the run.
    public var run: Int64
    /// Name of its variant.
    public var variant: String
    /// The largest part.
    public var bound: Bound
    /// The worker that takes longest before it sends; `nil` for one worker.
    public var slowestRank: Int?
    /// How much longer that is than in the median of the others.
    public var slowestLeadMilliseconds: Double?
    /// Every part, the largest first.
    public var parts: [Part]
    /// Every node's medians.
    public var ranks: [RankPhases]
    /// What bounds the step and what would help, in plain words.
    public var sentences: [String]

    /// From a run's line of a comparison and its nodes' phases.
    ///
    /// - Returns: `nil` without a worker's step.
    public init?(_ row: ComparisonRow, ranks: [RankPhases]) {
        let workers = ranks.filter(\.isWorker)
        guard !workers.isEmpty else { return nil }
        let anatomy = StepAnatomy(row, workers)
        let whole = anatomy.parts.reduce(0) { $0 + $1.milliseconds }
        run = row.run
        variant = row.variant
        slowestRank = anatomy.slowest?.rank
        slowestLeadMilliseconds = anatomy.slowest?.lead
        parts = anatomy.parts.map { bound, milliseconds in
            Part(
                bound: bound, milliseconds: milliseconds,
                share: whole > 0 ? milliseconds / whole : 0)
        }.sorted { $0.share > $1.share }
        bound = parts[0].bound
        self.ranks = ranks
        sentences = []
        sentences = ExplanationWords.sentences(self, row) + TwinWords.sentences(row)
    }

    /// The milliseconds of a part; 0 where it has none.
    func milliseconds(_ bound: Bound) -> Double {
        parts.first { $0.bound == bound }?.milliseconds ?? 0
    }
}
