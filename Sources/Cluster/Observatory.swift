import Collectives
import Compression
import Experiment
import NeuralNetwork
import Wire

/// A worker's look at its own exchange, every so many steps, outside the training clock. It reads
/// what training has and writes nothing of it, so that an observed run has the same bits.
final class Observatory {
    private let place: RunPlace
    private let sums: ObservationSums
    private let before: WorkBuffer
    private let weights: Range<Int>
    private var watched: Int?

    /// `nil` where nothing is observed.
    init?(_ place: RunPlace) {
        guard let sums = ObservationSums(place) else { return nil }
        self.place = place
        self.sums = sums
        weights = 0..<place.layout.compressible
        before = WorkBuffer(count: isFirst(place) ? weights.count : 0)
    }

    /// A step begins.
    func begin(_ step: Int) {
        watched = place.observes(step) ? step : nil
    }

    /// The gradient of some parameters is final, and not exchanged yet.
    func look(at range: Range<Int>) {
        guard watched != nil, range.upperBound <= weights.upperBound, !range.isEmpty else { return }
        let gradients = place.model.gradients
        place.phases.standStill {
            _ = UnsafeMutableBufferPointer(rebasing: sums.gradient[range])
                .update(fromContentsOf: gradients[range])
            place.method.contribution(of: gradients, in: range, to: sums.contribution)
        }
    }

    /// The optimiser is about to change the weights.
    func keepWeights() {
        guard watched != nil, isFirst(place) else { return }
        place.phases.standStill {
            _ = before.floats.update(fromContentsOf: place.model.parameters[weights])
        }
    }

    /// The step is over: the workers put together what they saw, and the first tells it.
    func report() throws {
        guard let step = watched else { return }
        let began = MonotonicClock.now()
        let sent = place.exchange.meter.sent
        var seen = StepObservation(step: step, workers: place.assignment.worldSize)
        place.method.message(of: sums.contribution, step: step, into: sums.message)
        try sums.exchange {
            if isFirst(place) { measure(into: &seen) }
        } tell: { figures in
            let bytes = place.exchange.meter.sent - sent
            figures[0] = Float(place.method.residualNorm ?? 0)
            figures[1] = Float(bytes >> 20)
            figures[2] = Float(bytes & 0xF_FFFF)
        }
        guard isFirst(place) else { return }
        takeFigures(into: &seen)
        seen.nanoseconds = Int64(MonotonicClock.now() - began)
        let assignment = place.assignment
        place.mailbox.send(
            .observed(
                run: assignment.run, generation: assignment.generation, rank: assignment.rank,
                seen))
    }

    private func measure(into seen: inout StepObservation) {
        let workers = Double(place.assignment.worldSize)
        let gradient = UnsafeBufferPointer(sums.gradient)
        let contribution = UnsafeBufferPointer(sums.contribution)
        let update = UnsafeBufferPointer(rebasing: place.model.gradients[weights])
        seen.gradientNorm = finite(VectorMeasure.norm(gradient) / workers)
        seen.contributionNorm = finite(VectorMeasure.norm(contribution) / workers)
        seen.updateNorm = finite(VectorMeasure.norm(update))
        seen.cosineGradient = VectorMeasure.cosine(update, gradient)
        seen.cosineContribution = VectorMeasure.cosine(update, contribution)
        let effect = UpdateEffect(
            of: update, before: UnsafeBufferPointer(before.floats),
            after: UnsafeBufferPointer(rebasing: place.model.parameters[weights]))
        seen.applied = effect.applied
        seen.unchangedShare = effect.unchangedShare
        seen.associativityDefect = finite(
            AssociativityDefect.measure(
                sums.messages, workers: place.assignment.worldSize,
                rule: place.method.anatomy.merge))
        recover(contribution, update, into: &seen)
    }

    /// Against the true top-k, where there is a k.
    private func recover(
        _ contribution: UnsafeBufferPointer<Float>, _ update: UnsafeBufferPointer<Float>,
        into seen: inout StepObservation
    ) {
        let anatomy = place.method.anatomy
        guard let k = anatomy.k else { return }
        let recovery = TopKRecovery(of: contribution, found: update, k: k)
        seen.kept = k
        seen.recall = recovery.recall
        seen.capturedEnergy = finite(recovery.capturedEnergy)
        seen.topEnergy = finite(recovery.topEnergy)
        guard let shape = anatomy.sketch else { return }
        seen.noiseRatio = finite(
            SketchNoise.ratio(
                norm: VectorMeasure.norm(contribution), threshold: recovery.threshold,
                shape: shape))
    }

    private func takeFigures(into seen: inout StepObservation) {
        let told = sums.told
        let squares = told.reduce(0.0) { $0 + Double($1[0]) * Double($1[0]) }
        if place.method.residualNorm != nil {
            seen.residualNorm = finite((squares / Double(told.count)).squareRoot())
        }
        // Peers' floats: what is no count is none.
        seen.bytesSent = told.reduce(0) { sum, figures in
            let parts = (Int32(exactly: figures[1]) ?? 0, Int32(exactly: figures[2]) ?? 0)
            return sum + Int64(max(0, parts.0)) << 20 + Int64(max(0, parts.1))
        }
    }
}

private func isFirst(_ place: RunPlace) -> Bool { place.assignment.rank == 0 }

/// What JSON can hold.
private func finite(_ value: Double?) -> Double? {
    value.flatMap { $0.isFinite ? $0 : nil }
}
