import Sketching

/// How much of the true top-k an update found.
///
/// The truth is the k weights at which the mean contribution of all workers is largest in magnitude,
/// ties to the lower index; found is where the update is not zero.
public struct TopKRecovery: Equatable, Sendable {
    /// Share of the true top-k that was found.
    public var recall: Double
    /// Squares of the contribution over the best k that were found, against those over the true
    /// top-k; `nil` where the contribution is zero.
    public var capturedEnergy: Double?
    /// Squares over the true top-k, against those over all weights; `nil` where they are zero.
    public var topEnergy: Double?
    /// The k-th largest magnitude of the contribution.
    public var threshold: Double

    /// - Precondition: k from 1 to the number of weights.
    public init(
        of contribution: UnsafeBufferPointer<Float>, found update: UnsafeBufferPointer<Float>,
        k: Int
    ) {
        precondition(contribution.count == update.count, "an update for every weight")
        let selector = TopKSelector(capacity: contribution.count)
        let (truth, threshold) = Self.largest(k, of: contribution, selector)
        let found = update.indices.filter { update[$0] != 0 }
        let best = Self.best(k, of: contribution, among: found, selector)
        let hits = truth.count { update[Int($0)] != 0 }
        let energy = Self.energy(of: contribution, at: truth.lazy.map { Int($0) })
        let all = VectorMeasure.product(contribution, contribution)
        recall = Double(hits) / Double(k)
        capturedEnergy = energy > 0 ? Self.energy(of: contribution, at: best) / energy : nil
        topEnergy = all > 0 ? energy / all : nil
        self.threshold = Double(threshold)
    }

    private static func largest(
        _ k: Int, of values: UnsafeBufferPointer<Float>, _ selector: TopKSelector
    ) -> (indices: [UInt32], threshold: Float) {
        var indices = [UInt32](repeating: 0, count: k)
        let threshold = indices.withUnsafeMutableBufferPointer {
            selector.select(values, k: k, into: $0)
        }
        return (indices, threshold)
    }

    private static func best(
        _ k: Int, of values: UnsafeBufferPointer<Float>, among found: [Int],
        _ selector: TopKSelector
    ) -> [Int] {
        guard found.count > k else { return found }
        return found.map { values[$0] }.withUnsafeBufferPointer { candidates in
            largest(k, of: candidates, selector).indices.map { found[Int($0)] }
        }
    }

    private static func energy(
        of values: UnsafeBufferPointer<Float>, at indices: some Sequence<Int>
    ) -> Double {
        indices.reduce(0) { $0 + Double(values[$1]) * Double(values[$1]) }
    }
}
