/// Stochastic gradient descent and its learning rate.
public struct OptimizerOptions: Codable, Equatable, Sendable {
    /// How the learning rate changes.
    public enum Schedule: String, Codable, CaseIterable, Sendable { case constant, step, cosine }

    /// Learning rate after the warm-up.
    public var learningRate = 0.05
    /// Momentum.
    public var momentum = 0.0
    /// Nesterov's form of the momentum.
    public var nesterov = false
    /// L2 penalty added to the gradient.
    public var weightDecay = 0.0
    /// How the learning rate changes.
    public var schedule = Schedule.constant
    /// Steps between drops, with the step schedule.
    public var stepEvery: Int?
    /// Factor of a drop.
    public var stepFactor = 0.1
    /// Steps of linear warm-up.
    public var warmupSteps = 0

    /// In a few words.
    public var summary: String { "lr \(learningRate) momentum \(momentum)" }
}
