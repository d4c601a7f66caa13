import Compression
import Datasets
import Experiment
import NeuralNetwork

/// What an experiment file alone cannot tell: whether model, data and options fit each other.
enum VariantCheck {
    /// Nothing is started for a variant that cannot run.
    ///
    /// - Throws: `ClusterError` naming the variant, what was found and what is allowed.
    static func check(_ variant: Variant) throws(ClusterError) {
        do {
            let kind = DatasetKind(variant)
            let perStep = variant.workers * variant.batch
            guard perStep <= kind.trainingSamples else {
                throw ClusterError(
                    "workers * batch: found \(variant.workers) * \(variant.batch) = \(perStep); "
                        + "allowed: at most \(kind.trainingSamples), the training samples of "
                        + variant.dataset.rawValue)
            }
            let size = try variant.modelSize
            _ = try MethodFactory.make(
                variant, layout: GradientLayout(count: size.parameters, compressible: size.weights),
                seed: 0, workers: variant.workers, isServer: true)
        } catch {
            throw ClusterError("variant \(variant.name): \(error)")
        }
    }
}
