import Compression
import Experiment
import Sketching

/// From the experiment's words to exchange methods and collectives.
enum MethodFactory {
    /// The method of a variant for one node.
    ///
    /// - Parameter workers: those that take part.
    /// - Throws: `MethodError` when an option does not fit the model.
    static func make(
        _ variant: Variant, layout: GradientLayout, seed: UInt64, workers: Int, isServer: Bool
    ) throws(MethodError) -> any ExchangeMethod {
        let momentum = Float(variant.optimizer.momentum)
        func resolve(_ k: Count) -> Int {
            k.resolved(of: layout.count, atMost: layout.compressible)
        }
        switch variant.method {
        case .dense:
            return DenseExchange(
                layout: layout, format: variant.wireFormat, bucketWords: variant.bucketWords)
        case .topk(let options):
            return try TopKExchange(
                layout: layout, k: resolve(options.k),
                momentum: options.momentumCorrection ? momentum : 0, masking: options.masking,
                worldSize: workers)
        case .gtopk(let options):
            return try GTopKExchange(
                layout: layout, k: resolve(options.k),
                momentum: options.momentumCorrection ? momentum : 0, masking: options.masking)
        case .sketch(let options):
            var made = sketch(options, k: resolve(options.k), momentum, seed)
            made.format = variant.wireFormat
            made.bucketWords = variant.bucketWords
            return try SketchExchange(layout: layout, options: made, isServer: isServer)
        }
    }

    private static func sketch(
        _ options: SketchOptions, k: Int, _ momentum: Float, _ seed: UInt64
    ) -> SketchExchangeOptions {
        SketchExchangeOptions(
            shape: SketchShape(rows: options.rows, columns: options.columns), k: k,
            candidates: options.candidates, values: options.values == .exact ? .exact : .estimated,
            reseedsEveryStep: options.hash == .perStep,
            decode: options.decode == .root ? .root : .everywhere, appliesAll: options.applyAll,
            momentum: momentum, masking: options.masking, seed: seed)
    }
}
