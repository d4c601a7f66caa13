import Synchronization

/// The shared words of one ring, each on a cache line of its own, and its records.
///
/// Positions count bytes since the beginning and wrap around at 2^64.
struct RingControl {
    typealias Word = UnsafeMutablePointer<Atomic<UInt64>>
    typealias Flag = UnsafeMutablePointer<Atomic<UInt32>>

    /// Where the writer is.
    let written: Word
    /// Up to where the reader has given memory back.
    let read: Word
    /// Raised by a reader that is about to sleep.
    let readerWaits: Flag
    /// Raised by a writer that is about to sleep.
    let writerWaits: Flag
    let records: UnsafeMutableRawPointer
    let capacity: Int
    private let segment: SharedSegment

    init?(_ segment: SharedSegment, _ layout: RingLayout, index: Int) {
        guard let base = segment.bytes.baseAddress, (0..<layout.rings).contains(index) else {
            return nil
        }
        let start = base + layout.ring(index).lowerBound
        written = start.assumingMemoryBound(to: Atomic<UInt64>.self)
        read = (start + 64).assumingMemoryBound(to: Atomic<UInt64>.self)
        readerWaits = (start + 128).assumingMemoryBound(to: Atomic<UInt32>.self)
        writerWaits = (start + 192).assumingMemoryBound(to: Atomic<UInt32>.self)
        records = start + RingLayout.page
        capacity = layout.capacity
        self.segment = segment
    }

    /// Keeps the memory mapped up to here.
    @inline(__always)
    func hold() { withExtendedLifetime(segment) {} }

    func offset(_ position: UInt64) -> Int { Int(position & UInt64(capacity - 1)) }

    /// Bytes of a record.
    static func recordBytes(payload: Int) -> Int { RingRecord.headBytes + (payload + 63) & ~63 }

    /// Lowers a flag; whether it was raised.
    static func lower(_ flag: Flag) -> Bool {
        flag.pointee.load(ordering: .sequentiallyConsistent) != 0
            && flag.pointee.exchange(0, ordering: .sequentiallyConsistent) != 0
    }
}

/// One record in a ring.
public struct RingRecord {
    /// Bytes in front of the payload.
    static let headBytes = 64
    /// Bytes of the head that belong to the user.
    public static let userBytes = 48

    /// What a record is for.
    enum Kind: UInt32 {
        /// The end of a frame, or all of it.
        case last = 1
        /// The frame goes on in the next record.
        case more = 2
        /// Nothing: the next record begins at the ring's start.
        case skip = 3
    }

    /// The user's part of the head; like the payload in the shared memory, until the record is
    /// given back, and like it to be read once before it is believed.
    public let head: UnsafeRawBufferPointer
    /// What was sent.
    public let payload: UnsafeRawBufferPointer
    /// Whether the frame goes on in the next record.
    public let more: Bool
}
