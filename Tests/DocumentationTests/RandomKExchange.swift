import Collectives
import Compression
import Sketching

/// Random-k with error feedback: in every step k coordinates, drawn from the run's seed and the
/// step, are summed exactly; the rest waits as a residual (rand-k of Stich et al., arXiv:1809.07599;
/// one seed for all, so that nothing but values travels, Vogels et al., arXiv:1905.13727).
///
/// The weights are cut into k equal strata with one coordinate drawn from each: k different ones
/// without a table, every coordinate as often as any other.
final class RandomKExchange: ExchangeMethod {
    let carriesMomentum = false
    private let layout: GradientLayout
    private let k: Int
    private let seed: UInt64
    private let held: WorkBuffer
    private let message: WorkBuffer

    /// - Parameter seed: of the run, the same on every worker.
    /// - Throws: `MethodError` when k does not fit the model.
    init(layout: GradientLayout, k: Int, seed: UInt64) throws(MethodError) {
        guard k >= 1, k <= layout.compressible else {
            throw MethodError("k: found \(k); allowed: 1 to \(layout.compressible)")
        }
        self.layout = layout
        self.k = k
        self.seed = seed
        held = WorkBuffer(count: layout.compressible)
        message = WorkBuffer(count: k + layout.small)
    }

    var residual: UnsafeBufferPointer<Float>? { UnsafeBufferPointer(held.floats) }

    var state: [StatePart] { [StatePart(name: StatePart.residual, floats: held.floats)] }

    func exchange(
        _ gradient: UnsafeMutableBufferPointer<Float>, step: Int, over collective: any Collective,
        phases: any PhaseRecorder
    ) throws(CollectiveError) {
        phases.enter(.encode)
        guard allFinite(UnsafeBufferPointer(gradient)) else { throw .notFinite("the gradient") }
        let residual = held.floats
        let words = message.floats
        for index in residual.indices { residual[index] += gradient[index] }
        for position in 0..<k { words[position] = residual[drawn(position, step)] }
        for offset in 0..<layout.small {
            words[k + offset] = gradient[layout.compressible + offset]
        }
        try collective.allReduce(words)
        phases.enter(.decode)
        apply(words, step, share: 1 / Float(collective.worldSize), to: gradient)
    }

    func serve(
        step: Int, over collective: any Collective, phases: any PhaseRecorder
    ) throws(CollectiveError) {
        try collective.allReduce(message.floats)
    }

    private func apply(
        _ sums: UnsafeMutableBufferPointer<Float>, _ step: Int, share: Float,
        to update: UnsafeMutableBufferPointer<Float>
    ) {
        update.update(repeating: 0)
        for position in 0..<k {
            let index = drawn(position, step)
            update[index] = share * sums[position]
            held.floats[index] = 0
        }
        for offset in 0..<layout.small {
            update[layout.compressible + offset] = share * sums[k + offset]
        }
    }

    /// The coordinate of a stratum in a step.
    private func drawn(_ stratum: Int, _ step: Int) -> Int {
        let lower = stratum * layout.compressible / k
        let upper = (stratum + 1) * layout.compressible / k
        let ofStep = SketchHash.seed(run: seed, step: UInt64(step))
        let hash = SketchHash.seed(run: ofStep, step: UInt64(stratum))
        return lower + Int(hash % UInt64(upper - lower))
    }
}
