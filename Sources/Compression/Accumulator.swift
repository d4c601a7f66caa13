import Collectives
import Sketching

/// Error feedback with optional momentum correction (DGC, arXiv:1712.01887; Sketched-SGD,
/// arXiv:1903.04488, practical algorithm, steps 1 and 6): `u = m*u + g; v = v + u`.
///
/// Over the small parameters u is kept and v is sent whole, so v never accumulates there.
final class Accumulator {
    let layout: GradientLayout
    let momentum: Float
    let masking: Bool
    private let velocity: WorkBuffer?
    private let held: WorkBuffer

    init(layout: GradientLayout, momentum: Float, masking: Bool) {
        self.layout = layout
        self.momentum = momentum
        self.masking = masking
        velocity = momentum > 0 ? WorkBuffer(count: layout.count) : nil
        held = WorkBuffer(count: layout.count)
    }

    /// v over the weights.
    var weights: UnsafeMutableBufferPointer<Float> { held[0..<layout.compressible] }
    /// v over the parameters that go along uncompressed.
    var small: UnsafeMutableBufferPointer<Float> { held[layout.smallRange] }

    /// What one step leaves for the next.
    var state: [StatePart] {
        var parts = [StatePart(name: StatePart.residual, floats: weights)]
        if let velocity {
            parts.append(StatePart(name: StatePart.velocity, floats: velocity.floats))
        }
        return parts
    }

    /// Takes a gradient in.
    ///
    /// - Throws: `.notFinite` with nothing changed.
    func accumulate(_ gradient: UnsafeMutableBufferPointer<Float>) throws(CollectiveError) {
        guard allFinite(UnsafeBufferPointer(gradient)) else { throw .notFinite("the gradient") }
        accumulateFinite(gradient, in: 0..<layout.compressible)
        accumulateFinite(gradient, in: layout.smallRange)
    }

    /// Takes a part of a gradient in: some weights, or all the small parameters.
    ///
    /// - Throws: `.notFinite` with nothing changed.
    func accumulate(
        _ gradient: UnsafeMutableBufferPointer<Float>, in range: Range<Int>
    ) throws(CollectiveError) {
        let part = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(gradient)[range])
        guard allFinite(part) else { throw .notFinite("the gradient") }
        accumulateFinite(gradient, in: range)
    }

    private func accumulateFinite(
        _ gradient: UnsafeMutableBufferPointer<Float>, in range: Range<Int>
    ) {
        let part = UnsafeMutableBufferPointer(rebasing: gradient[range])
        if range.lowerBound >= layout.compressible { small.update(repeating: 0) }
        if let velocity {
            accumulateWithMomentum(part, velocity[range], held[range], momentum)
        } else {
            add(part, to: held[range])
        }
    }

    /// Writes what some weights will hold once a gradient is taken in, bit for bit.
    func preview(
        _ gradient: UnsafeMutableBufferPointer<Float>, in range: Range<Int>,
        to target: UnsafeMutableBufferPointer<Float>
    ) {
        guard let velocity = velocity?.floats else {
            for index in range { target[index] = held.floats[index] + gradient[index] }
            return
        }
        for index in range {
            let moving = momentum * velocity[index] + gradient[index]
            target[index] = held.floats[index] + moving
        }
    }

    /// Forgets the coordinates that were applied: the residual, and u where masking is on.
    func clear(_ indices: UnsafeMutableBufferPointer<UInt32>) {
        let residual = weights
        for index in indices where Int(index) < residual.count { residual[Int(index)] = 0 }
        clearMomentum(indices)
    }

    /// Subtracts what was applied for this worker's part, where only estimates are known.
    func subtract(
        _ values: UnsafeMutableBufferPointer<Float>, at indices: UnsafeMutableBufferPointer<UInt32>,
        scale: Float
    ) {
        let residual = weights
        for position in 0..<indices.count where Int(indices[position]) < residual.count {
            residual[Int(indices[position])] -= scale * values[position]
        }
        clearMomentum(indices)
    }

    /// Momentum factor masking.
    private func clearMomentum(_ indices: UnsafeMutableBufferPointer<UInt32>) {
        guard masking, let velocity = velocity?.floats else { return }
        for index in indices where Int(index) < layout.compressible { velocity[Int(index)] = 0 }
    }
}

private func accumulateWithMomentum(
    _ gradient: UnsafeMutableBufferPointer<Float>, _ velocity: UnsafeMutableBufferPointer<Float>,
    _ residual: UnsafeMutableBufferPointer<Float>, _ momentum: Float
) {
    for index in 0..<gradient.count {
        velocity[index] = momentum * velocity[index] + gradient[index]
        residual[index] += velocity[index]
    }
}

/// `target += source`, element-wise.
func add(
    _ source: UnsafeMutableBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>
) {
    for index in 0..<source.count { target[index] += source[index] }
}

/// `target *= factor`.
func scale(_ target: UnsafeMutableBufferPointer<Float>, by factor: Float) {
    for index in 0..<target.count { target[index] *= factor }
}
