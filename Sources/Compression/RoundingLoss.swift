import Collectives

/// What 16-bit words took away from a sketch step on this worker, until it is given back: of the
/// table's small parameters with the next step, of the applied candidates at once. A rounded cell
/// only blurs an estimate and is forgotten, and so is the rounding of what is not applied.
final class RoundingLoss {
    private let table: WorkBuffer
    private let values: WorkBuffer
    private let carried: WorkBuffer
    private let small: Range<Int>

    /// `nil` for 32-bit words, which lose nothing.
    init?(_ format: WireFormat, cells: Int, small: Int, candidates: Int) {
        guard format != .float32 else { return nil }
        table = WorkBuffer(count: cells + small)
        values = WorkBuffer(count: candidates)
        carried = WorkBuffer(count: small)
        self.small = cells..<(cells + small)
    }

    /// Takes what the table's transfer loses.
    var ofTable: UnsafeMutableBufferPointer<Float> { table.floats }
    /// Takes what the values' transfer loses.
    var ofValues: UnsafeMutableBufferPointer<Float> { values.floats }

    /// What one step leaves for the next.
    var state: StatePart { StatePart(name: StatePart.rounding, floats: table[small]) }

    /// Begins a new step.
    func beginStep() {
        copy(table[small], to: carried.floats)
        table.floats.update(repeating: 0)
        values.floats.update(repeating: 0)
    }

    /// Gives back what the small parameters lost a step before.
    func giveBackSmall(to small: UnsafeMutableBufferPointer<Float>) {
        add(carried.floats, to: small)
    }

    /// Gives back what the applied candidates lost; both lists of indices ascend.
    func giveBack(
        applied: UnsafeMutableBufferPointer<UInt32>,
        among candidates: UnsafeMutableBufferPointer<UInt32>,
        to residual: UnsafeMutableBufferPointer<Float>
    ) {
        var position = 0
        for index in applied where Int(index) < residual.count {
            while position < candidates.count, candidates[position] < index { position += 1 }
            guard position < candidates.count, candidates[position] == index else { continue }
            residual[Int(index)] += values.floats[position]
        }
    }
}
