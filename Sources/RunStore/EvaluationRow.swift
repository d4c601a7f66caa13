/// One evaluation of the model on a whole split.
public struct EvaluationRow: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// Steps done when the evaluation ran.
    public var step: Int
    /// Training clock in seconds, evaluations excluded.
    public var seconds: Double
    /// Which samples: `test`.
    public var split: String
    /// Mean loss; `nil` where it was not finite.
    public var loss: Double?
    /// Fraction of right predictions, 0 to 1; `nil` where unknown.
    public var accuracy: Double?

    /// Memberwise.
    public init(
        run: Int64, step: Int, seconds: Double, split: String, loss: Double?, accuracy: Double?
    ) {
        self.run = run
        self.step = step
        self.seconds = seconds
        self.split = split
        self.loss = loss
        self.accuracy = accuracy
    }

    /// Writes every key, `null` where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(run, forKey: .run)
        try container.encode(step, forKey: .step)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(split, forKey: .split)
        try container.encode(loss, forKey: .loss)
        try container.encode(accuracy, forKey: .accuracy)
    }
}
