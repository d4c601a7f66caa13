public import Cluster
public import Experiment
public import Simulation

extension StepForecast {
    /// Of a variant's step.
    ///
    /// - Parameters:
    ///   - times: of a worker that has a core for every thread.
    ///   - crowding: how much longer these take, since workers share cores. A root or a server decodes
    ///     while the others wait, so its decoding takes no longer.
    /// - Throws: `ModelError` when model and data do not fit.
    public init(_ variant: Variant, times: ProcessorTimes, crowding: Double) throws {
        let size = try variant.modelSize
        let model = StepModel(
            variant.method, topology: variant.topology.collective, workers: variant.workers,
            parameters: size.parameters, weights: size.weights,
            dataType: variant.exchange?.dtype ?? .float32)
        let link = StepModel.Link(
            latency: variant.link?.latencySeconds ?? 0,
            secondsPerByte: variant.link?.bandwidthBitsPerSecond.map { 8 / $0 } ?? 0)
        self.init(exchange: model, over: link, chunkWords: max(1, variant.chunkBytes / 4))
        if variant.topology != .server { serverBytesPerStep = nil }
        computeMilliseconds = crowding * times.computeMilliseconds
        encodeMilliseconds = crowding * times.encodeMilliseconds
        decodeMilliseconds = (variant.decodesAtOneNode ? 1 : crowding) * times.decodeMilliseconds
        updateMilliseconds = crowding * times.updateMilliseconds
    }
}

extension Variant {
    /// Whether one node decodes for all.
    var decodesAtOneNode: Bool {
        switch method {
        case .sketch(let options):
            topology == .server || (topology == .tree && options.decode == .root)
        case .gtopk: true
        case .dense, .topk: false
        }
    }
}
