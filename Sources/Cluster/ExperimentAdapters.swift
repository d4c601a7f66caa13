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

extension Variant {
    /// The model that the variant trains.
    var architecture: Architecture {
        switch model {
        case .softmax: .softmax
        case .mlp: .mlp
        case .lenet: .lenet
        case .resnet8: .resnet8
        case .resnet20: .resnet20
        }
    }
}

extension InputShape {
    /// A data set's images as a model's input.
    init(_ shape: DatasetShape) {
        self.init(channels: shape.channels, height: shape.height, width: shape.width)
    }
}
