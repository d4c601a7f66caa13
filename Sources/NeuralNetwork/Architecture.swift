/// Models that can be trained; each adapts to the shape of the data.
public enum Architecture: String, CaseIterable, Sendable, Codable {
    /// One dense layer.
    case softmax
    /// 512 and 512 hidden units.
    case mlp
    /// Convolutions 20 and 50 of 5x5 with pooling, then 500 hidden units.
    case lenet
    /// Three residual blocks, widths 16, 32, 64.
    case resnet8
    /// Nine residual blocks, widths 16, 32, 64.
    case resnet20

    /// Parameters of the model for an input, and how many of them are weights.
    ///
    /// - Throws: `ModelError` when images are too small.
    public func size(
        input: InputShape, classes: Int
    ) throws(ModelError) -> (parameters: Int, weights: Int) {
        let plan = ParameterPlan(try layers(input, classes: classes, maximumBatch: 1))
        return (plan.count, plan.weights)
    }

    /// The layers for an input.
    ///
    /// - Throws: `ModelError` when images are too small.
    func layers(
        _ input: InputShape, classes: Int, maximumBatch: Int
    ) throws(ModelError) -> [any Layer] {
        switch self {
        case .softmax: return [DenseLayer(input, outputs: classes)]
        case .mlp: return Self.perceptron(input, classes)
        case .lenet: return try Self.lenet(input, classes)
        case .resnet8: return try Self.resnet(input, classes, blocks: 1, maximumBatch)
        case .resnet20: return try Self.resnet(input, classes, blocks: 3, maximumBatch)
        }
    }

    private static func perceptron(_ input: InputShape, _ classes: Int) -> [any Layer] {
        let first = DenseLayer(input, outputs: 512)
        let second = DenseLayer(first.outputShape, outputs: 512)
        return [
            first, RectifierLayer(first.outputShape), second, RectifierLayer(second.outputShape),
            DenseLayer(second.outputShape, outputs: classes),
        ]
    }

    private static func lenet(_ input: InputShape, _ classes: Int) throws(ModelError) -> [any Layer]
    {
        guard min(input.height, input.width) >= 16 else {
            throw ModelError(
                "model lenet: found images of \(input.height)x\(input.width); allowed: 16x16 and "
                    + "larger; use mlp or softmax")
        }
        let first = ConvolutionLayer(input, filters: 20, kernel: 5, hasBias: true)
        let pooled = MaxPoolLayer(first.outputShape)
        let second = ConvolutionLayer(pooled.outputShape, filters: 50, kernel: 5, hasBias: true)
        let again = MaxPoolLayer(second.outputShape)
        let hidden = DenseLayer(again.outputShape, outputs: 500)
        return [
            first, RectifierLayer(first.outputShape), pooled, second,
            RectifierLayer(second.outputShape), again, hidden, RectifierLayer(hidden.outputShape),
            DenseLayer(hidden.outputShape, outputs: classes),
        ]
    }

    private static func resnet(
        _ input: InputShape, _ classes: Int, blocks: Int, _ maximumBatch: Int
    ) throws(ModelError) -> [any Layer] {
        guard min(input.height, input.width) >= 8, input.height % 4 == 0, input.width % 4 == 0
        else {
            throw ModelError(
                "model resnet: found images of \(input.height)x\(input.width); allowed: sides of 8 "
                    + "and more that divide by 4")
        }
        let stem = ConvolutionLayer(input, filters: 16, kernel: 3, padding: 1, hasBias: false)
        var layers: [any Layer] = [
            stem, BatchNormLayer(stem.outputShape), RectifierLayer(stem.outputShape),
        ]
        var shape = stem.outputShape
        for (stage, width) in [16, 32, 64].enumerated() {
            for block in 0..<blocks {
                let stride = stage > 0 && block == 0 ? 2 : 1
                let residual = residualBlock(shape, width, stride, maximumBatch)
                shape = residual.outputShape
                layers += [residual, RectifierLayer(shape)]
            }
        }
        let pool = AveragePoolLayer(shape)
        return layers + [pool, DenseLayer(pool.outputShape, outputs: classes)]
    }

    private static func residualBlock(
        _ input: InputShape, _ width: Int, _ stride: Int, _ maximumBatch: Int
    ) -> ResidualLayer {
        let first = ConvolutionLayer(
            input, filters: width, kernel: 3, stride: stride, padding: 1, hasBias: false)
        let shape = first.outputShape
        let second = ConvolutionLayer(shape, filters: width, kernel: 3, padding: 1, hasBias: false)
        let layers: [any Layer] = [
            first, BatchNormLayer(shape), RectifierLayer(shape), second, BatchNormLayer(shape),
        ]
        return ResidualLayer(Chain(input, layers: layers, maximumBatch: maximumBatch))
    }
}

/// A model that cannot be made for the data.
public struct ModelError: Error, Equatable, CustomStringConvertible {
    /// One line: the model, what was found and what is allowed.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
