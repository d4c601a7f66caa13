/// A model whose parameters, gradients and statistics each lie in one flat buffer. Weights come
/// first, then biases and batch-norm, so that what is worth compressing is a prefix.
public final class Model {
    /// Number of parameters.
    public let parameterCount: Int
    /// Weights of dense and convolution layers: the first so many parameters.
    public let compressibleCount: Int
    /// Every tensor's place.
    public let tensors: [TensorDescription]
    private let classes: Int
    private let inputShape: InputShape
    private let maximumBatch: Int
    private let chain: Chain
    /// Offset of each layer's first weight.
    private let firstWeights: [Int?]
    private let parameterMemory: Scratch
    private let gradientMemory: Scratch
    private let statisticsMemory: Scratch
    private let statisticsCount: Int
    private let logits: Scratch
    private let logitsGradient: Scratch

    /// Makes and initialises a model; the same seed gives the same bits.
    ///
    /// - Parameters:
    ///   - maximumBatch: samples of one call at most; decides the memory.
    ///   - engine: what computes convolutions.
    ///   - threads: that share a step's work; the bits do not depend on their number.
    /// - Throws: `ModelError` when the architecture does not fit the images.
    public init(
        _ architecture: Architecture, input: InputShape, classes: Int, maximumBatch: Int,
        seed: UInt64, engine: Engine = .preferred, threads: Int = 1
    ) throws(ModelError) {
        let builder = ArchitectureBuilder(
            input: input, classes: classes, maximumBatch: maximumBatch, engine: engine,
            team: Team(threads: threads))
        let layers = try builder.layers(of: architecture)
        chain = Chain(input, layers: layers, maximumBatch: maximumBatch)
        inputShape = input
        self.classes = classes
        self.maximumBatch = maximumBatch
        let plan = ParameterPlan(layers)
        tensors = plan.tensors
        parameterCount = plan.count
        compressibleCount = plan.weights
        firstWeights = plan.offsets.map { offsets in offsets.filter { $0 < plan.weights }.min() }
        parameterMemory = Scratch(plan.count)
        gradientMemory = Scratch(plan.count)
        statisticsCount = layers.reduce(0) { $0 + $1.statisticsCount }
        statisticsMemory = Scratch(statisticsCount)
        logits = Scratch(maximumBatch * classes)
        logitsGradient = Scratch(maximumBatch * classes)
        plan.initialise(parameterMemory.floats, seed: seed)
        var place = 0
        for (index, layer) in layers.enumerated() {
            let offsets = plan.offsets[index]
            layer.bind(
                offsets.map { parameterMemory.floats + $0 },
                offsets.map { gradientMemory.floats + $0 },
                statistics: statisticsMemory.floats + place)
            place += layer.statisticsCount
        }
    }

    /// All parameters.
    public var parameters: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: parameterMemory.floats, count: parameterCount)
    }

    /// The gradient, at the same offsets.
    public var gradients: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: gradientMemory.floats, count: parameterCount)
    }

    /// Running means and variances of batch-norm layers; empty without any.
    public var statistics: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: statisticsMemory.floats, count: statisticsCount)
    }

    /// Forward and backward; overwrites the gradient with that of the mean loss.
    ///
    /// - Parameters:
    ///   - images: `count` samples, plane after plane.
    ///   - labels: below the number of classes.
    ///   - weightsAreFinal: told after a layer's backward that the gradient from an offset to the
    ///     last weight will not change any more; the others follow with the end of the call.
    /// - Returns: the mean cross-entropy in nats.
    public func computeGradients(
        images: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<UInt8>, count: Int,
        weightsAreFinal: (Int) -> Void = { _ in }
    ) -> Float {
        guard let input = checked(images, labels, count) else { return 0 }
        chain.forward(input, logits.floats, count: count, training: true)
        let sum = crossEntropy(
            logits.floats, labels, classes, count, gradient: logitsGradient.floats)
        chain.backward(input, logits.floats, logitsGradient.floats, nil, count: count) { layer in
            if let offset = firstWeights[layer] { weightsAreFinal(offset) }
        }
        return Float(sum.loss / Double(count))
    }

    /// Forward with running statistics: the sum of losses and the number of right predictions.
    public func evaluate(
        images: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<UInt8>, count: Int
    ) -> (lossSum: Double, correct: Int) {
        guard let input = checked(images, labels, count) else { return (0, 0) }
        chain.forward(input, logits.floats, count: count, training: false)
        let sum = crossEntropy(logits.floats, labels, classes, count, gradient: nil)
        return (sum.loss, sum.correct)
    }

    private func checked(
        _ images: UnsafeBufferPointer<Float>, _ labels: UnsafeBufferPointer<UInt8>, _ count: Int
    ) -> ConstFloats? {
        precondition(count <= maximumBatch, "batch of \(count), made for \(maximumBatch)")
        precondition(images.count >= count * inputShape.count, "fewer pixels than samples need")
        precondition(labels.count >= count, "fewer labels than samples")
        return count > 0 ? images.baseAddress : nil
    }
}
