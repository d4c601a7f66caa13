import Synchronization

public import Collectives
public import Wire

/// Frames between threads of one process: bounded waits, no sockets.
public final class MemoryTransport: Transport, Sendable {
    /// A frame with its own copy of the payload.
    private final class Frame: ReceivedFrame {
        let header: FrameHeader
        let payload: UnsafeRawBufferPointer
        private let storage: UnsafeMutableRawBufferPointer

        init(_ header: FrameHeader, _ bytes: [UInt8]) {
            self.header = header
            storage = .allocate(byteCount: bytes.count, alignment: 16)
            storage.copyBytes(from: bytes)
            payload = UnsafeRawBufferPointer(storage)
        }

        deinit {
            storage.deallocate()
        }
    }

    private let inboxes: [Inbox]
    private let rank: Int
    private let sent = Mutex((frames: 0, bytes: 0, longest: 0))

    private init(rank: Int, inboxes: [Inbox]) {
        self.rank = rank
        self.inboxes = inboxes
    }

    /// One transport per node.
    public static func mesh(nodes: Int) -> [MemoryTransport] {
        let inboxes = (0..<nodes).map { _ in Inbox() }
        return (0..<nodes).map { MemoryTransport(rank: $0, inboxes: inboxes) }
    }

    /// Frames and bytes sent so far, headers included.
    public var counters: (frames: Int, bytes: Int) {
        sent.withLock { ($0.frames, $0.bytes) }
    }

    /// Bytes of the longest payload that was sent.
    public var longestPayload: Int { sent.withLock { $0.longest } }

    public func send(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, to rank: Int
    ) throws(CollectiveError) {
        sent.withLock {
            $0.frames += 1
            $0.bytes += payload.count + FrameHeader.byteCount
            $0.longest = max($0.longest, payload.count)
        }
        inboxes[rank].put(header, [UInt8](payload))
    }

    public func receive(withinMilliseconds: Int) throws(CollectiveError) -> (any ReceivedFrame)? {
        inboxes[rank].take(withinMilliseconds: withinMilliseconds).map { Frame($0.0, $0.1) }
    }
}
