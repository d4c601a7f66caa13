import Foundation

/// How the learning rate changes after the warm-up.
public enum Schedule: Equatable, Sendable {
    case constant
    /// Multiplied by the factor every so many steps.
    case step(every: Int, factor: Float)
    /// Half a cosine down to zero at the last step.
    case cosine
}

/// Stochastic gradient descent, in PyTorch's conventions.
public struct OptimizerSettings: Equatable, Sendable {
    /// After the warm-up.
    public var learningRate: Float
    /// Momentum.
    public var momentum: Float
    /// Nesterov's form.
    public var nesterov: Bool
    /// Added to the gradient as decay * weight.
    public var weightDecay: Float
    /// How the learning rate changes.
    public var schedule: Schedule
    /// Steps of linear warm-up.
    public var warmupSteps: Int

    /// Memberwise.
    public init(
        learningRate: Float, momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0,
        schedule: Schedule = .constant, warmupSteps: Int = 0
    ) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.nesterov = nesterov
        self.weightDecay = weightDecay
        self.schedule = schedule
        self.warmupSteps = warmupSteps
    }
}

/// The learning rate of every step of a run.
public struct LearningRate: Sendable {
    private let settings: OptimizerSettings
    private let totalSteps: Int

    /// For a run of so many steps.
    public init(_ settings: OptimizerSettings, totalSteps: Int) {
        self.settings = settings
        self.totalSteps = totalSteps
    }

    /// At a step, from 0; the first warm-up step is 1/warmupSteps of the whole.
    public func at(step: Int) -> Float {
        if step < settings.warmupSteps {
            return settings.learningRate * Float(step + 1) / Float(settings.warmupSteps)
        }
        switch settings.schedule {
        case .constant: return settings.learningRate
        case .step(let every, let factor):
            return settings.learningRate * powf(factor, Float(step / max(1, every)))
        case .cosine:
            let length = max(1, totalSteps - settings.warmupSteps)
            let progress = Float(step - settings.warmupSteps) / Float(length)
            return settings.learningRate * 0.5 * (1 + cosf(.pi * min(1, progress)))
        }
    }
}

/// `g += decay * w`.
public func addWeightDecay(
    _ decay: Float, parameters: UnsafeBufferPointer<Float>,
    gradients: UnsafeMutableBufferPointer<Float>
) {
    for index in 0..<gradients.count { gradients[index] += decay * parameters[index] }
}

/// `v = m*v + g; w -= rate * v`, or Nesterov's `w -= rate * (g + m*v)`.
public func momentumStep(
    parameters: UnsafeMutableBufferPointer<Float>, update: UnsafeBufferPointer<Float>,
    velocity: UnsafeMutableBufferPointer<Float>, learningRate: Float, momentum: Float,
    nesterov: Bool
) {
    for index in 0..<parameters.count {
        let moved = momentum * velocity[index] + update[index]
        velocity[index] = moved
        parameters[index] -= learningRate * (nesterov ? update[index] + momentum * moved : moved)
    }
}

/// `w -= rate * g`.
public func plainStep(
    parameters: UnsafeMutableBufferPointer<Float>, update: UnsafeBufferPointer<Float>,
    learningRate: Float
) {
    for index in 0..<parameters.count { parameters[index] -= learningRate * update[index] }
}
