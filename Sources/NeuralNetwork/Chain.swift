/// Layers in a row, with the activations between them and two gradients to swap.
package final class Chain {
    let layers: [any Layer]
    package let inputShape: InputShape
    package var outputShape: InputShape { layers.last?.outputShape ?? inputShape }
    private let activations: [Scratch]
    private let gradients: [Scratch]

    /// Activations are kept between layers only: the last output belongs to the caller.
    package init(_ input: InputShape, layers: [any Layer], maximumBatch: Int) {
        self.layers = layers
        inputShape = input
        activations = layers.dropLast().map { Scratch(maximumBatch * $0.outputShape.count) }
        let largest = layers.map(\.inputShape.count).max() ?? 0
        gradients = (0..<2).map { _ in Scratch(layers.count > 1 ? maximumBatch * largest : 0) }
    }

    package func forward(_ input: ConstFloats, _ output: Floats, count: Int, training: Bool) {
        for (index, layer) in layers.enumerated() {
            layer.forward(
                source(index, input),
                index == layers.count - 1 ? output : activations[index].floats,
                count: count, training: training)
        }
    }

    package func backward(
        _ input: ConstFloats, _ output: ConstFloats, _ outputGradient: Floats,
        _ inputGradient: Floats?, count: Int, layerIsDone: (Int) -> Void = { _ in }
    ) {
        var gradient = outputGradient
        for index in layers.indices.reversed() {
            let below = index == 0 ? inputGradient : gradients[index % 2].floats
            layers[index].backward(
                source(index, input),
                index == layers.count - 1 ? output : ConstFloats(activations[index].floats),
                gradient,
                below, count: count)
            if let below { gradient = below }
            layerIsDone(index)
        }
    }

    private func source(_ index: Int, _ input: ConstFloats) -> ConstFloats {
        index == 0 ? input : ConstFloats(activations[index - 1].floats)
    }
}
