/// Makes the layers of a model by one engine, in the order of planes that suits the model.
package struct LayerKit {
    /// How planes lie between the convolutions.
    package let order: PlaneOrder
    private let context: OneDNNContext?

    /// - Parameters:
    ///   - order: what oneDNN shall use; OpenBLAS keeps plane after plane.
    ///   - team: threads that oneDNN's layers use.
    package init(_ engine: Engine, order: PlaneOrder, team: Team) throws(ModelError) {
        switch engine {
        case .blas: (context, self.order) = (nil, .planes)
        case .oneDNN:
            do throws(OneDNNError) {
                context = try OneDNNContext(team: team)
                self.order = order
            } catch {
                throw ModelError(error.description)
            }
        }
    }

    /// - Parameter isFirst: whether it reads images, and nobody asks for the gradient of its input.
    package func convolution(
        _ input: InputShape, filters: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        hasBias: Bool, isFirst: Bool = false
    ) throws(ModelError) -> any Layer {
        let geometry = ConvolutionGeometry(
            input: input, kernel: kernel, stride: stride, padding: padding)
        guard let context else {
            return ConvolutionLayer(geometry, filters: filters, hasBias: hasBias)
        }
        let output = InputShape(
            channels: filters, height: geometry.height, width: geometry.width)
        let plan = ConvolutionPlan(
            context: context, input: input, output: output, kernel: kernel, stride: stride,
            padding: padding, hasBias: hasBias,
            inputOrder: isFirst && order == .blocks ? .planes : order, outputOrder: order)
        do throws(OneDNNError) {
            return try OneDNNConvolutionLayer(plan, isFirst: isFirst)
        } catch {
            throw ModelError(error.description)
        }
    }

    /// With the rectifier that may follow.
    package func batchNorm(_ shape: InputShape, rectified: Bool) -> any Layer {
        guard let context else { return BatchNormLayer(shape, rectified: rectified) }
        return OneDNNBatchNormLayer(context, shape, order, rectified: rectified)
    }

    /// Largest of each 2x2 square.
    package func maximumPool(_ shape: InputShape) -> any Layer {
        guard let context else { return MaxPoolLayer(shape) }
        return OneDNNPoolLayer(context, shape, order, isMaximum: true)
    }

    /// Mean of each plane.
    package func averagePool(_ shape: InputShape) -> any Layer {
        guard let context else { return AveragePoolLayer(shape) }
        return OneDNNPoolLayer(context, shape, order, isMaximum: false)
    }

    /// What brings images, plane after plane, to where the first convolution reads them.
    package func entry(_ shape: InputShape) -> [any Layer] {
        order == .last && shape.channels > 1 ? [OrderLayer(shape, from: .planes, to: .last)] : []
    }

    /// What brings the last planes into the order of a dense layer's weights.
    package func exit(_ shape: InputShape) -> [any Layer] {
        order == .planes || shape.plane == 1 ? [] : [OrderLayer(shape, from: order, to: .planes)]
    }
}
