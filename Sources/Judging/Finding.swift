/// What a gate found of one figure of one case.
public struct Finding: Codable, Equatable, Sendable {
    /// What it comes to.
    public enum Outcome: String, Codable, Sendable {
        /// Nothing differs, or nothing that noise does not explain.
        case same
        /// Smaller counts, better learning, a faster clock.
        case better
        /// So much better that it may be doing something else.
        case suspicious
        /// Slower for sure, and less than what is let through.
        case tolerated
        /// A regression.
        case worse
        /// The runs are too few, or their noise too great.
        case cannotTell
        /// Slower at first, and not when both were run again.
        case notConfirmed
    }

    /// The statistics behind a verdict on clocks and learning.
    public struct Evidence: Codable, Equatable, Sendable {
        /// `signed-rank` or `Mann-Whitney`.
        public var test: String
        /// Ends of the 95 % interval of the ratio of medians.
        public var lower: Double
        /// Upper end.
        public var upper: Double
        /// Two-sided p of this question alone.
        public var p: Double
        /// After Holm's correction for all questions of the gate.
        public var adjustedP: Double
        /// The smallest adjusted p that so many runs could have given.
        public var smallestP: Double
        /// Ratios this near to 1 are noise, by calibration; `nil` without one.
        public var noiseFloor: Double?

        /// Writes every key, `null` where unknown.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(test, forKey: .test)
            try container.encode(lower, forKey: .lower)
            try container.encode(upper, forKey: .upper)
            try container.encode(p, forKey: .p)
            try container.encode(adjustedP, forKey: .adjustedP)
            try container.encode(smallestP, forKey: .smallestP)
            try container.encode(noiseFloor, forKey: .noiseFloor)
        }
    }

    /// Name of the experiment.
    public var experiment: String
    /// Name of the variant.
    public var variant: String
    /// The figure.
    public var metric: Metric
    /// What it comes to.
    public var outcome: Outcome
    /// Median of the baseline's runs.
    public var baseline: Double?
    /// Median of the candidate's runs.
    public var candidate: Double?
    /// Runs on the baseline's side.
    public var baselineRuns: Int
    /// Runs on the candidate's side.
    public var candidateRuns: Int
    /// Why, in words.
    public var reason: String
    /// `nil` for figures that are compared exactly.
    public var evidence: Evidence?

    /// Candidate over baseline; `nil` where one is unknown or 0.
    public var ratio: Double? {
        guard let baseline, let candidate, baseline != 0 else { return nil }
        return candidate / baseline
    }

    /// Whether it stops a change.
    public var isRegression: Bool { outcome == .worse }

    /// Whether this second measurement takes the first one's slow-down back. One that cannot tell
    /// does so only if it rules out all of what the first one found.
    func clears(_ first: Finding) -> Bool {
        guard outcome == .cannotTell else { return !isRegression }
        guard let upper = evidence?.upper, let lower = first.evidence?.lower else { return false }
        return upper < lower
    }

    /// The outcome in the words of the figure's stage.
    public var word: String {
        switch (outcome, metric.stage) {
        case (.same, .clock): "same within noise"
        case (.same, .counters): "equal"
        case (.same, .convergence): "same"
        case (.better, .clock): "faster"
        case (.better, .counters): "less"
        case (.better, .convergence): "better"
        case (.suspicious, _): "suspiciously better"
        case (.tolerated, .clock): "slower, within the limit"
        case (.tolerated, _): "worse, within the limit"
        case (.worse, .clock): "slower"
        case (.worse, .counters): "more"
        case (.worse, .convergence): "worse"
        case (.cannotTell, _): "cannot tell"
        case (.notConfirmed, _): "not confirmed"
        }
    }
}
