import Collectives
import Compression
import Datasets
public import Experiment
import NeuralNetwork
import Wire

/// Measures a worker's own work: the steps of its training loop, by the same model, method and
/// optimiser, on made-up images and without a peer.
public enum StepMeter {
    private static let warmups = 2
    private static let fewestSteps = 5
    private static let mostSteps = 200

    /// Medians over at least five steps, and as many as fit the time.
    ///
    /// - Throws: `ModelError` or `MethodError` when model, data and options do not fit.
    public static func measure(
        _ variant: Variant, seconds: Double
    ) throws -> ProcessorTimes {
        let bench = try StepBench(variant)
        var records: [StepRecord] = []
        let deadline = MonotonicClock.now() + UInt64(max(0, seconds) * 1e9)
        for step in 0..<warmups + mostSteps {
            let record = try bench.take(step)
            if step >= warmups { records.append(record) }
            if records.count >= fewestSteps, MonotonicClock.now() > deadline { break }
        }
        func median(_ phase: (StepRecord) -> Int64) -> Double {
            let sorted = records.map(phase).sorted()
            return Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2e6
        }
        return ProcessorTimes(
            computeMilliseconds: median(\.compute), encodeMilliseconds: median(\.encode),
            decodeMilliseconds: median(\.decode), updateMilliseconds: median(\.update))
    }
}

/// A worker without peers.
private final class StepBench {
    private let variant: Variant
    private let model: Model
    private let method: any ExchangeMethod
    private let collective: SoloCollective
    private let phases = PhaseClock()
    private let velocity: WorkBuffer?
    private let images: WorkBuffer
    private let labels: [UInt8]

    init(_ variant: Variant) throws {
        self.variant = variant
        let shape = DatasetKind(variant).shape
        model = try Model(
            variant.architecture, input: InputShape(shape), classes: shape.classes,
            maximumBatch: variant.batch, seed: 1, threads: variant.threads)
        let layout = GradientLayout(
            count: model.parameterCount, compressible: model.compressibleCount)
        method = try MethodFactory.make(
            variant, layout: layout, seed: 1, workers: variant.workers, isServer: false)
        // Where everybody decodes, one node's time holds the whole of decoding.
        let isMerging = if case .gtopk = variant.method { true } else { false }
        collective = SoloCollective(isMerging ? .tree : .ring, worldSize: variant.workers)
        let keepsMomentum = variant.optimizer.momentum > 0 && !method.carriesMomentum
        velocity = keepsMomentum ? WorkBuffer(count: model.parameterCount) : nil
        images = WorkBuffer(count: variant.batch * shape.pixels)
        for index in images.floats.indices {
            images.floats[index] = Float(index &* 40_503 & 0xFFFF) / 32_768 - 1
        }
        labels = (0..<variant.batch).map { UInt8($0 % shape.classes) }
    }

    func take(_ step: Int) throws -> StepRecord {
        phases.begin(.compute)
        labels.withUnsafeBufferPointer { labels in
            _ = model.computeGradients(
                images: UnsafeBufferPointer(images.floats), labels: labels, count: labels.count)
        }
        try method.exchange(model.gradients, step: step, over: collective, phases: phases)
        phases.enter(.update)
        let update = UnsafeBufferPointer(model.gradients)
        if let velocity {
            momentumStep(
                parameters: model.parameters, update: update, velocity: velocity.floats,
                learningRate: 1e-4, momentum: Float(variant.optimizer.momentum), nesterov: false)
        } else {
            plainStep(parameters: model.parameters, update: update, learningRate: 1e-4)
        }
        var record = StepRecord(step: step)
        phases.end(into: &record)
        return record
    }
}
