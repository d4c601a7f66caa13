import Checkpoints
import Compression
import Datasets
import Membership
import Sketching
import Wire

/// Copies of a replica's two newest states, so that a step that was broken off, and the one before
/// it, can be taken back.
final class StateHistory {
    private struct Copy {
        var position: DataPosition
        var trainedNanoseconds: Int64 = 0
        var buffers: [WorkBuffer]
    }

    private var steps = StepHistory()
    private var copies: [Copy?] = [nil, nil]
    private let beginsWithParameters: Bool

    /// - Parameter beginsWithParameters: whether the first part is the parameters, whose checksum
    ///   tells equal states apart from others.
    init(beginsWithParameters: Bool) {
        self.beginsWithParameters = beginsWithParameters
    }

    /// The states that are kept, newest first.
    var kept: [HeldState] {
        steps.kept.compactMap { step in
            guard let slot = steps.slot(of: step), let copy = copies[slot] else { return nil }
            let parameters = beginsWithParameters ? copy.buffers.first : nil
            return HeldState(
                step: step,
                checksum: parameters.map { Checksum.of(UnsafeBufferPointer($0.floats)) } ?? 0,
                epoch: copy.position.epoch,
                offset: copy.position.offset)
        }
    }

    /// Copies every part.
    ///
    /// - Parameter nanoseconds: the training clock.
    func keep(_ position: DataPosition, trained nanoseconds: Int64, parts: [CheckpointPart]) {
        let slot = steps.keep(position.step)
        if copies[slot]?.buffers.map(\.count) != parts.map(\.floats.count) {
            copies[slot] = Copy(
                position: position, buffers: parts.map { WorkBuffer(count: $0.floats.count) })
        }
        copies[slot]?.position = position
        copies[slot]?.trainedNanoseconds = nanoseconds
        for (buffer, part) in zip(copies[slot]?.buffers ?? [], parts) {
            _ = buffer.floats.update(fromContentsOf: part.floats)
        }
    }

    /// Puts a state back; the training clock at that moment, or `nil` when it is not kept.
    func restore(step: Int, into parts: [CheckpointPart]) -> Int64? {
        guard let slot = steps.slot(of: step), let copy = copies[slot],
            copy.buffers.map(\.count) == parts.map(\.floats.count)
        else { return nil }
        steps.rewind(to: step)
        for (buffer, part) in zip(copy.buffers, parts) {
            _ = part.floats.update(fromContentsOf: buffer.floats)
        }
        return copy.trainedNanoseconds
    }
}
