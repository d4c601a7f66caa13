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

    /// Plain gradient descent.
    public init() {}

    /// In a few words: what differs from plain gradient descent at a constant rate.
    public var summary: String {
        var words = ["lr \(learningRate)"]
        if momentum > 0 { words.append("\(nesterov ? "nesterov" : "momentum") \(momentum)") }
        if weightDecay > 0 { words.append("decay \(weightDecay)") }
        switch schedule {
        case .constant: break
        case .step: words.append("x\(stepFactor) every \(stepEvery ?? 0) steps")
        case .cosine: words.append("cosine")
        }
        if warmupSteps > 0 { words.append("warm-up \(warmupSteps)") }
        return words.joined(separator: ", ")
    }
}
