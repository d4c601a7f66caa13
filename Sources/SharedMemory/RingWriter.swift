import Synchronization

/// The sending end of a ring in another process's segment; one thread's.
public struct RingWriter {
    private let control: RingControl
    private let reader: Doorbell
    private var position: UInt64

    /// The end of ring `index`; `nil` when the segment has no such ring.
    public init?(_ segment: SharedSegment, _ layout: RingLayout, index: Int) {
        guard let control = RingControl(segment, layout, index: index),
            let doorbell = layout.doorbell(segment)
        else { return nil }
        self.control = control
        reader = doorbell
        position = control.written.pointee.load(ordering: .acquiring) & ~63
    }

    /// Longest payload of one record.
    public var longestPayload: Int { control.capacity / 2 - RingRecord.headBytes }

    /// Copies a record into the ring and wakes its reader if that waits; false when there is no
    /// room.
    ///
    /// - Parameters:
    ///   - head: 48 bytes at most for the reader.
    ///   - payload: `longestPayload` bytes at most.
    ///   - more: whether the frame goes on in the next record.
    public mutating func write(
        head: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, more: Bool
    ) -> Bool {
        precondition(head.count <= RingRecord.userBytes && payload.count <= longestPayload)
        defer { control.hold() }
        guard hasRoom(for: payload.count) else { return false }
        let needed = RingControl.recordBytes(payload: payload.count)
        let toEnd = control.capacity - control.offset(position)
        if needed > toEnd {
            describe(0, .skip)
            position &+= UInt64(toEnd)
        }
        let start = control.records + control.offset(position)
        start.copyMemory(from: head)
        (start + RingRecord.headBytes).copyMemory(from: payload)
        describe(payload.count, more ? .more : .last)
        position &+= UInt64(needed)
        control.written.pointee.store(position, ordering: .sequentiallyConsistent)
        if RingControl.lower(control.readerWaits) { reader.ring() }
        return true
    }

    /// Whether a record with so long a payload fits now.
    public func hasRoom(for payload: Int) -> Bool {
        defer { control.hold() }
        let needed = RingControl.recordBytes(payload: payload)
        let toEnd = control.capacity - control.offset(position)
        let total = needed > toEnd ? needed + toEnd : needed
        let used = position &- control.read.pointee.load(ordering: .sequentiallyConsistent)
        return used <= UInt64(control.capacity) && used % 64 == 0
            && total <= control.capacity - Int(used)
    }

    /// Says that the writer is about to sleep until there is room, or no longer.
    public func announceWaiting(_ waits: Bool) {
        control.writerWaits.pointee.store(waits ? 1 : 0, ordering: .sequentiallyConsistent)
    }

    private func describe(_ length: Int, _ kind: RingRecord.Kind) {
        let start = control.records + control.offset(position)
        start.storeBytes(of: UInt32(length), toByteOffset: 48, as: UInt32.self)
        start.storeBytes(of: kind.rawValue, toByteOffset: 52, as: UInt32.self)
    }
}

extension UnsafeMutableRawPointer {
    fileprivate func copyMemory(from bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        copyMemory(from: base, byteCount: bytes.count)
    }
}
