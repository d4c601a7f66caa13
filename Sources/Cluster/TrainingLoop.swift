import Collectives
import Compression
import Datasets
import Experiment
import NeuralNetwork
import Sketching
import Wire

/// A worker's run: batch, gradient, exchange, update, record; evaluations and observations outside the clock.
final class TrainingLoop {
    private let place: RunPlace
    private var sampler: BatchSampler
    private let learningRate: LearningRate
    private let images: WorkBuffer
    private let labels: UnsafeMutableBufferPointer<UInt8>
    private let extra: WorkBuffer
    private let observatory: Observatory?
    private var trainingNanoseconds: Int64

    init(_ place: RunPlace) throws {
        self.place = place
        trainingNanoseconds = place.replica.trainedNanoseconds
        let variant = place.variant
        sampler = try BatchSampler(
            samples: place.dataset.train.count, batch: variant.batch, rank: place.assignment.rank,
            worldSize: place.assignment.worldSize, seed: place.assignment.seed,
            from: place.replica.position)
        learningRate = LearningRate(
            variant.optimizer.settings, totalSteps: place.totalSteps)
        let rows = Replica.evaluationBatch(variant)
        let shape = place.dataset.shape
        images = WorkBuffer(count: rows * shape.channels * shape.height * shape.width)
        labels = .allocate(capacity: rows)
        labels.initialize(repeating: 0)
        extra = WorkBuffer(count: 1)
        observatory = Observatory(place)
    }

    deinit {
        labels.deallocate()
    }

    /// Takes every step that is left; the checksum of the final parameters.
    func run() throws -> UInt64 {
        if place.repeatsEvaluation { try tellEvaluation(after: place.replica.step) }
        for step in stride(from: place.replica.step, to: place.totalSteps, by: 1) {
            place.beginStep(step)
            try take(step)
            try observatory?.report()
            if place.evaluates(after: step + 1) { try evaluate(after: step + 1) }
            try place.endStep(
                sampler.position(atStep: step + 1), trained: trainingNanoseconds)
        }
        return place.replica.checksum
    }

    private func take(_ step: Int) throws {
        let before = place.exchange.meter
        observatory?.begin(step)
        place.phases.begin(.compute)
        let loss = try computeGradient(step)
        try exchange(step)
        place.phases.enter(.update)
        observatory?.keepWeights()
        applyUpdate(step)
        var record = StepRecord(step: step)
        record.loss = Double(loss)
        let every = place.variant.checksumEvery
        if (step + 1) % max(1, every) == 0 || step + 1 == place.totalSteps {
            record.checksum = place.replica.checksum
            record.residual = place.method.residualNorm
        }
        place.phases.end(into: &record)
        record.count(place.exchange.meter, since: before)
        place.exchange.countHidden(into: &record)
        trainingNanoseconds += record.total
        place.mailbox.record(record, in: place.assignment)
    }

    private func exchange(_ step: Int) throws {
        try naming(step) { () throws(CollectiveError) in
            try place.method.exchange(
                place.model.gradients, step: step, over: place.collective, phases: place.phases)
        }
    }

    /// What is not finite, with the step at which it was found.
    private func naming(_ step: Int, _ body: () throws(CollectiveError) -> Void) throws {
        do throws(CollectiveError) {
            try body()
        } catch {
            guard case .notFinite(let what) = error else { throw error }
            throw ClusterError("\(what) is not finite at step \(step)")
        }
    }

    private func computeGradient(_ step: Int) throws -> Float {
        let variant = place.variant
        let began = MonotonicClock.now()
        let indices = sampler.indices(step: step)
        place.dataset.fill(
            images: images.floats, labels: labels, from: .train, indices: indices,
            augmentation: augmentation(step))
        var early = EarlyExchange(place, step: step, observatory: observatory)
        let loss = place.model.computeGradients(
            images: UnsafeBufferPointer(images.floats), labels: UnsafeBufferPointer(labels),
            count: variant.batch, weightsAreFinal: { early.weightsAreFinal(from: $0) })
        guard loss.isFinite else { throw ClusterError("loss is not finite at step \(step)") }
        let delay = place.replica.faults.delay(
            step: step, computeNanoseconds: MonotonicClock.now() - began)
        if delay > 0 { MonotonicClock.sleep(nanoseconds: delay) }
        try naming(step) { () throws(CollectiveError) in try early.end() }
        return loss
    }

    private func augmentation(_ step: Int) -> Augmentation? {
        let options = place.variant.augment
        guard options.flip || options.shift > 0 else { return nil }
        return Augmentation(
            flip: options.flip, shift: options.shift, seed: place.assignment.seed,
            epoch: sampler.epoch(ofStep: step))
    }

    /// The optimiser's momentum runs on the update, unless the method has accumulated it already;
    /// the small parameters, sent whole every step, get it from the same place.
    private func applyUpdate(_ step: Int) {
        let optimizer = place.variant.optimizer
        let rate = learningRate.at(step: step)
        let update = UnsafeBufferPointer(place.model.gradients)
        if let velocity = place.replica.velocity {
            momentumStep(
                parameters: place.model.parameters, update: update, velocity: velocity.floats,
                learningRate: rate, momentum: Float(optimizer.momentum),
                nesterov: optimizer.nesterov)
        } else {
            plainStep(parameters: place.model.parameters, update: update, learningRate: rate)
        }
    }

    /// Equal parameters are there; the statistics are made equal first.
    private func evaluate(after steps: Int) throws {
        let statistics = place.model.statistics
        if !statistics.isEmpty {
            try place.collective.allReduce(statistics)
            let workers = Float(place.assignment.worldSize)
            for index in statistics.indices { statistics[index] /= workers }
        }
        try tellEvaluation(after: steps)
    }

    /// Every worker evaluates its slice of the test set; the coordinator adds the slices.
    private func tellEvaluation(after steps: Int) throws {
        let workers = place.assignment.worldSize
        let count = place.dataset.test.count
        let rank = place.assignment.rank
        let slice = (rank * count / workers)..<((rank + 1) * count / workers)
        var part = EvaluationPart(
            step: steps, seconds: Double(trainingNanoseconds) / 1e9, count: slice.count,
            lossSum: 0, correct: 0)
        let rows = Replica.evaluationBatch(place.variant)
        for start in stride(from: slice.lowerBound, to: slice.upperBound, by: rows) {
            addBatch(start..<min(start + rows, slice.upperBound), to: &part)
        }
        guard part.lossSum.isFinite else {
            throw ClusterError("test loss is not finite after step \(steps - 1)")
        }
        place.mailbox.send(
            .evaluation(
                run: place.assignment.run, generation: place.assignment.generation, rank: rank,
                part))
        try place.collective.allReduce(extra.floats)
    }

    private func addBatch(_ range: Range<Int>, to part: inout EvaluationPart) {
        let indices = range.map { Int32($0) }
        place.dataset.fill(
            images: images.floats, labels: labels, from: .test, indices: indices[...],
            augmentation: nil)
        let result = place.model.evaluate(
            images: UnsafeBufferPointer(images.floats), labels: UnsafeBufferPointer(labels),
            count: range.count)
        part.lossSum += result.lossSum
        part.correct += result.correct
    }
}
