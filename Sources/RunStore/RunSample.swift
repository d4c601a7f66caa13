/// What is recorded of one run for a judgement: its line in a comparison and what that lacks.
public struct RunSample: Equatable, Sendable {
    /// Its line in a comparison.
    public var summary: ComparisonRow
    /// The whole variant as JSON.
    public var config: String
    /// What it ran on.
    public var context: RunContext
    /// Nanoseconds of every step after the warm-up, mean over its workers, in order; none where no
    /// step is recorded.
    public var stepNanoseconds: [Double]
    /// Mean data frames a worker sends per step; `nil` where no step is recorded.
    public var messagesPerWorkerStep: Double?
    /// Steps done when the target was first reached.
    public var stepsToTarget: Int?

    /// Memberwise.
    public init(
        summary: ComparisonRow, config: String, context: RunContext, stepNanoseconds: [Double],
        messagesPerWorkerStep: Double?, stepsToTarget: Int?
    ) {
        self.summary = summary
        self.config = config
        self.context = context
        self.stepNanoseconds = stepNanoseconds
        self.messagesPerWorkerStep = messagesPerWorkerStep
        self.stepsToTarget = stepsToTarget
    }
}
