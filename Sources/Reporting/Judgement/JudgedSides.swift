/// What the two sides of a judgement are called.
public struct JudgedSides: Codable, Equatable, Sendable {
    /// The baseline as it was asked for.
    public var baseline: String
    /// The candidate as it was asked for.
    public var candidate: String
    /// Runs of the baseline.
    public var baselineRuns: [String]
    /// Runs of the candidate.
    public var candidateRuns: [String]

    /// Memberwise.
    public init(
        baseline: String, candidate: String, baselineRuns: [String], candidateRuns: [String]
    ) {
        self.baseline = baseline
        self.candidate = candidate
        self.baselineRuns = baselineRuns
        self.candidateRuns = candidateRuns
    }

    /// Both in a sentence.
    var words: String {
        "Candidate \(candidate) (\(candidateRuns.count) runs) against baseline \(baseline) "
            + "(\(baselineRuns.count) runs)."
    }
}
