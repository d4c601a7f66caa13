public import Collectives
import Datasets
public import Experiment
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
    /// How a linear method's words travel.
    var wireFormat: WireFormat {
        switch exchange?.dtype ?? .float32 {
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        }
    }

    /// Words of a bucket of the gradient.
    var bucketWords: Int? { exchange?.bucketBytes.map { $0 / 4 } }

    /// The model that the variant trains.
    var architecture: Architecture {
        switch model {
        case .softmax: .softmax
        case .mlp: .mlp
        case .lenet: .lenet
        case .resnet8: .resnet8
        case .resnet20: .resnet20
        case .vgg11: .vgg11
        }
    }

    /// Parameters of the model on the variant's data, and how many of them are weights.
    ///
    /// - Throws: `ModelError` when model and data do not fit.
    public var modelSize: (parameters: Int, weights: Int) {
        get throws {
            let shape = DatasetKind(self).shape
            return try architecture.size(input: InputShape(shape), classes: shape.classes)
        }
    }
}

extension Experiment.Topology {
    /// The shape of the collectives that this topology uses.
    public var collective: CollectiveTopology {
        switch self {
        case .server: .star
        case .ring: .ring
        case .tree: .tree
        case .halvingDoubling: .halvingDoubling
        }
    }
}

extension InputShape {
    /// A data set's images as a model's input.
    init(_ shape: DatasetShape) {
        self.init(channels: shape.channels, height: shape.height, width: shape.width)
    }
}
