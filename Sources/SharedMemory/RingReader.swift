import Synchronization

/// The receiving end of a ring in this process's segment; one thread's. What the writer left in the
/// memory is checked before it is used and never trusted.
public struct RingReader {
    private let control: RingControl
    private var position: UInt64 = 0
    // A position that no writer of ours takes, once it was found out.
    private var ignored: UInt64 = 0

    /// The end of ring `index`; `nil` when the segment has no such ring.
    public init?(_ segment: SharedSegment, _ layout: RingLayout, index: Int) {
        guard let control = RingControl(segment, layout, index: index) else { return nil }
        self.control = control
    }

    /// What a look at the ring finds.
    public enum Finding {
        /// Nothing new.
        case nothing
        /// A record, to be given back with `release`.
        case record(RingRecord)
        /// Bytes that no writer of ours leaves; all that was in the ring is dropped.
        case damaged
    }

    /// Whether something was written that was not taken.
    public var hasNews: Bool {
        let written = control.written.pointee.load(ordering: .sequentiallyConsistent)
        return written != position && written != ignored
    }

    /// Takes the next record.
    public mutating func take() -> Finding {
        defer { control.hold() }
        while true {
            let written = control.written.pointee.load(ordering: .acquiring)
            let available = written &- position
            guard available > 0, written != ignored else { return .nothing }
            guard available <= UInt64(control.capacity), written % 64 == 0 else {
                return drop(upTo: written)
            }
            let start = control.offset(position)
            let toEnd = control.capacity - start
            let length = Int(load(start + 48))
            guard let kind = RingRecord.Kind(rawValue: load(start + 52)) else {
                return drop(upTo: written)
            }
            if kind == .skip {
                guard UInt64(toEnd) <= available else { return drop(upTo: written) }
                position &+= UInt64(toEnd)
                continue
            }
            let needed = RingControl.recordBytes(payload: length)
            guard needed <= toEnd, UInt64(needed) <= available else { return drop(upTo: written) }
            position &+= UInt64(needed)
            let base = control.records + start
            return .record(
                RingRecord(
                    head: UnsafeRawBufferPointer(start: base, count: RingRecord.userBytes),
                    payload: UnsafeRawBufferPointer(
                        start: base + RingRecord.headBytes, count: length),
                    more: kind == .more))
        }
    }

    /// Gives back the memory of every record that was taken.
    ///
    /// - Returns: whether the writer waits for room and is to be woken.
    public mutating func release() -> Bool {
        defer { control.hold() }
        control.read.pointee.store(position, ordering: .sequentiallyConsistent)
        let left = control.written.pointee.load(ordering: .relaxed) &- position
        // Waking a writer for every record would make it sleep again at the next one.
        guard left <= UInt64(control.capacity / 2) else { return false }
        return RingControl.lower(control.writerWaits)
    }

    /// Says that the reader is about to sleep until something is written, or no longer.
    public func announceWaiting(_ waits: Bool) {
        control.readerWaits.pointee.store(waits ? 1 : 0, ordering: .sequentiallyConsistent)
    }

    private mutating func drop(upTo written: UInt64) -> Finding {
        position = written & ~63
        ignored = written % 64 == 0 ? position : written
        control.read.pointee.store(position, ordering: .sequentiallyConsistent)
        return .damaged
    }

    private func load(_ offset: Int) -> UInt32 {
        control.records.load(fromByteOffset: offset, as: UInt32.self)
    }
}
