import Collectives
import Compression
import Experiment
import NeuralNetwork

/// Weight decay, and with `overlap` the exchange of what is final, while backward goes on.
struct EarlyExchange {
    private let place: RunPlace
    private let step: Int
    private let overlaps: Bool
    private let observatory: Observatory?
    private var decayedFrom: Int
    private var failure: CollectiveError?

    /// - Parameter observatory: told of what is final, before it is exchanged.
    init(_ place: RunPlace, step: Int, observatory: Observatory?) {
        self.place = place
        self.observatory = observatory
        self.step = step
        overlaps = place.variant.exchange?.overlap ?? false
        decayedFrom = place.layout.compressible
    }

    /// The gradient from `offset` to the last weight will not change any more.
    mutating func weightsAreFinal(from offset: Int) {
        guard overlaps, failure == nil else { return }
        settle(offset..<decayedFrom)
        decayedFrom = offset
        place.phases.enter(.encode)
        defer { place.phases.enter(.compute) }
        do throws(CollectiveError) {
            try place.method.gradientIsFinal(
                from: offset, place.model.gradients, step: step, over: place.collective)
        } catch {
            failure = error
        }
    }

    /// The whole gradient is final.
    ///
    /// - Throws: what went wrong meanwhile.
    mutating func end() throws(CollectiveError) {
        if let failure { throw failure }
        settle(0..<decayedFrom)
        decay(place.layout.smallRange)
    }

    /// Decays weights whose gradient is final otherwise, and shows them.
    private func settle(_ range: Range<Int>) {
        decay(range)
        observatory?.look(at: range)
    }

    private func decay(_ range: Range<Int>) {
        let factor = Float(place.variant.optimizer.weightDecay)
        guard factor > 0 else { return }
        addWeightDecay(
            factor,
            parameters: UnsafeBufferPointer(rebasing: place.model.parameters[range]),
            gradients: UnsafeMutableBufferPointer(rebasing: place.model.gradients[range]))
    }
}
