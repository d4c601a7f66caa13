package import Collectives
package import SharedMemory
import Wire

/// The frames of one peer, out of its ring in this node's segment.
package final class SharedMemoryInlet {
    /// A frame in the ring, whose memory goes back to the writer with the object.
    private final class PlacedFrame: ReceivedFrame {
        let header: FrameHeader
        let payload: UnsafeRawBufferPointer
        private let inlet: SharedMemoryInlet

        init(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer, _ inlet: SharedMemoryInlet) {
            self.header = header
            self.payload = payload
            self.inlet = inlet
        }

        deinit {
            inlet.giveBack()
        }
    }

    /// A frame that was copied out of the ring, in one or several records.
    private final class CopiedFrame: ReceivedFrame {
        let header: FrameHeader
        private let storage: UnsafeMutableRawBufferPointer
        private var filled = 0

        init(_ header: FrameHeader) {
            self.header = header
            storage = .allocate(byteCount: header.length, alignment: 64)
        }

        deinit {
            storage.deallocate()
        }

        var payload: UnsafeRawBufferPointer { UnsafeRawBufferPointer(storage) }
        var isComplete: Bool { filled == storage.count }

        /// False when the bytes are more than the header promised.
        func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
            guard bytes.count <= storage.count - filled else { return false }
            UnsafeMutableRawBufferPointer(rebasing: storage[filled...]).copyMemory(from: bytes)
            filled += bytes.count
            return true
        }
    }

    /// Longest frame that is accepted, as over sockets; and bytes that are copied out of a ring
    /// before the rest stays in it.
    private static let longestFrame = 1 << 30

    /// Frames and pieces of frames that were not ours.
    private(set) var rejected: Int64 = 0
    private var reader: RingReader
    // The rings and doorbells are in these two.
    private let segment: SharedSegment
    private var writer: (segment: SharedSegment, doorbell: Doorbell)?
    private var isHeld = false
    private var begun: CopiedFrame?
    private var spilled: [any ReceivedFrame] = []
    private var spilledBytes = 0

    package init(_ reader: RingReader, in segment: SharedSegment) {
        self.reader = reader
        self.segment = segment
    }

    /// Learns whom to wake when there is room again.
    func attach(_ segment: SharedSegment, _ doorbell: Doorbell) { writer = (segment, doorbell) }

    /// Whether a look at the ring is worth it.
    var hasNews: Bool { !spilled.isEmpty || reader.hasNews }

    /// Says that this node is about to sleep until the peer writes, or no longer.
    func announceWaiting(_ waits: Bool) { reader.announceWaiting(waits) }

    /// The next frame, where it lies if nobody holds an earlier one.
    package func next() -> (any ReceivedFrame)? {
        guard !spilled.isEmpty else { return take(inPlace: true) }
        let frame = spilled.removeFirst()
        spilledBytes -= frame.header.length
        return frame
    }

    /// Copies what has arrived out of the ring, so that the peer is not held up by this node.
    package func spill() {
        while spilledBytes < Self.longestFrame, let frame = take(inPlace: false) {
            spilled.append(frame)
            spilledBytes += frame.header.length
        }
    }

    private func take(inPlace: Bool) -> (any ReceivedFrame)? {
        while true {
            switch reader.take() {
            case .nothing: return nil
            case .damaged:
                rejected += 1
                begun = nil
            case .record(let record):
                if let frame = accept(record, inPlace: inPlace) { return frame }
            }
        }
    }

    private func accept(_ record: RingRecord, inPlace: Bool) -> (any ReceivedFrame)? {
        guard let header = try? FrameHeader(parsing: record.head),
            header.length <= Self.longestFrame
        else { return reject() }
        if inPlace, !isHeld, begun == nil, !record.more {
            guard header.length == record.payload.count else { return reject() }
            isHeld = true
            return PlacedFrame(header, record.payload, self)
        }
        let frame = begun ?? CopiedFrame(header)
        guard frame.header == header, frame.append(record.payload),
            record.more || frame.isComplete
        else { return reject() }
        begun = record.more ? frame : nil
        release()
        return record.more ? nil : frame
    }

    private func reject() -> (any ReceivedFrame)? {
        rejected += 1
        begun = nil
        release()
        return nil
    }

    private func giveBack() {
        isHeld = false
        release()
    }

    private func release() {
        if !isHeld, reader.release() { writer?.doorbell.ring() }
    }
}
