import Datasets
import Experiment
import NeuralNetwork

extension OptimizerOptions {
    /// The options as the training engine takes them.
    var settings: OptimizerSettings {
        let rule: NeuralNetwork.Schedule =
            switch schedule {
            case .constant: .constant
            case .step: .step(every: stepEvery ?? 1_000, factor: Float(stepFactor))
            case .cosine: .cosine
            }
        return OptimizerSettings(
            learningRate: Float(learningRate), momentum: Float(momentum), nesterov: nesterov,
            weightDecay: Float(weightDecay), schedule: rule, warmupSteps: warmupSteps)
    }
}

extension DatasetKind {
    /// The data set that a variant asks for.
    init(_ variant: Variant) {
        switch variant.dataset {
        case .digits: self = .digits
        case .fashionMNIST: self = .fashionMNIST
        case .mnist: self = .mnist
        case .cifar10: self = .cifar10
        case .synthetic:
            self = .synthetic(
                samples: variant.synthetic.samples, channels: variant.synthetic.channels,
                size: variant.synthetic.size, classes: variant.synthetic.classes)
        }
    }
}
