/// Makes the layers of an architecture for an input, an engine and a number of threads.
struct ArchitectureBuilder {
    let input: InputShape
    let classes: Int
    let maximumBatch: Int
    let engine: Engine
    let team: Team

    /// - Throws: `ModelError` when the images do not suit the architecture.
    func layers(of architecture: Architecture) throws(ModelError) -> [any Layer] {
        switch architecture {
        case .softmax: [DenseLayer(input, outputs: classes, team: team)]
        case .mlp: perceptron()
        case .lenet: try lenet()
        case .resnet8: try resnet(blocks: 1)
        case .resnet20: try resnet(blocks: 3)
        case .vgg11: try vgg()
        }
    }

    private func perceptron() -> [any Layer] {
        let first = DenseLayer(input, outputs: 512, team: team)
        let second = DenseLayer(first.outputShape, outputs: 512, team: team)
        return [
            first, RectifierLayer(first.outputShape), second, RectifierLayer(second.outputShape),
            DenseLayer(second.outputShape, outputs: classes, team: team),
        ]
    }

    /// Pools before it rectifies, which gives the same with a quarter of the work.
    private func lenet() throws(ModelError) -> [any Layer] {
        guard min(input.height, input.width) >= 16 else {
            throw mismatch("lenet", "16x16 and larger; use mlp or softmax")
        }
        let kit = try LayerKit(engine, order: .last, team: team)
        var layers = kit.entry(input)
        var shape = input
        for filters in [20, 50] {
            let convolution = try kit.convolution(
                shape, filters: filters, kernel: 5, hasBias: true, isFirst: shape == input)
            let pool = kit.maximumPool(convolution.outputShape)
            shape = pool.outputShape
            layers += [convolution, pool, RectifierLayer(shape)]
        }
        let hidden = DenseLayer(shape, outputs: 500, team: team)
        return layers + kit.exit(shape) + [
            hidden, RectifierLayer(hidden.outputShape),
            DenseLayer(hidden.outputShape, outputs: classes, team: team),
        ]
    }

    private func resnet(blocks: Int) throws(ModelError) -> [any Layer] {
        guard min(input.height, input.width) >= 8, input.height % 4 == 0, input.width % 4 == 0
        else {
            throw mismatch("resnet", "sides of 8 and more that divide by 4")
        }
        let kit = try LayerKit(engine, order: .blocks, team: team)
        let stem = try kit.convolution(
            input, filters: 16, kernel: 3, padding: 1, hasBias: false, isFirst: true)
        var shape = stem.outputShape
        var layers = [stem, kit.batchNorm(shape, rectified: true)]
        for (stage, width) in [16, 32, 64].enumerated() {
            for block in 0..<blocks {
                let stride = stage > 0 && block == 0 ? 2 : 1
                let residual = try residualBlock(kit, shape, width, stride)
                shape = residual.outputShape
                layers.append(residual)
            }
        }
        let pool = kit.averagePool(shape)
        return layers + [pool, DenseLayer(pool.outputShape, outputs: classes, team: team)]
    }

    private func residualBlock(
        _ kit: LayerKit, _ input: InputShape, _ width: Int, _ stride: Int
    ) throws(ModelError) -> ResidualLayer {
        let first = try kit.convolution(
            input, filters: width, kernel: 3, stride: stride, padding: 1, hasBias: false)
        let shape = first.outputShape
        let second = try kit.convolution(
            shape, filters: width, kernel: 3, padding: 1, hasBias: false)
        let layers: [any Layer] = [
            first, kit.batchNorm(shape, rectified: true), second,
            kit.batchNorm(shape, rectified: false),
        ]
        return ResidualLayer(
            Chain(input, layers: layers, maximumBatch: maximumBatch), order: kit.order)
    }

    private func vgg() throws(ModelError) -> [any Layer] {
        guard max(input.height, input.width) <= 32 else {
            throw mismatch("vgg11", "32x32 and smaller")
        }
        let kit = try LayerKit(engine, order: .blocks, team: team)
        let pad = PadLayer(input, height: 32, width: 32)
        var shape = pad.outputShape
        var layers: [any Layer] = shape == input ? [] : [pad]
        for (index, width) in [64, 128, 256, 256, 512, 512, 512, 512].enumerated() {
            let convolution = try kit.convolution(
                shape, filters: width, kernel: 3, padding: 1, hasBias: true, isFirst: index == 0)
            shape = convolution.outputShape
            layers += [convolution, kit.batchNorm(shape, rectified: true)]
            guard [0, 1, 3, 5, 7].contains(index) else { continue }
            let pool = kit.maximumPool(shape)
            shape = pool.outputShape
            layers.append(pool)
        }
        return layers + [DenseLayer(shape, outputs: classes, team: team)]
    }

    private func mismatch(_ model: String, _ allowed: String) -> ModelError {
        ModelError(
            "model \(model): found images of \(input.height)x\(input.width); allowed: \(allowed)")
    }
}
