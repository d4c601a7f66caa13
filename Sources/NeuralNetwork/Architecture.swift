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
    /// Eight convolutions of 3x3, widths 64 to 512, with batch-norm; smaller images padded to 32x32.
    case vgg11

    /// Parameters of the model for an input, and how many of them are weights.
    ///
    /// - Throws: `ModelError` when images are too small or too large.
    public func size(
        input: InputShape, classes: Int
    ) throws(ModelError) -> (parameters: Int, weights: Int) {
        let builder = ArchitectureBuilder(
            input: input, classes: classes, maximumBatch: 1, engine: .blas, team: Team(threads: 1))
        let plan = ParameterPlan(try builder.layers(of: self))
        return (plan.count, plan.weights)
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
