package import Collectives
package import Wire
import ZeroMQ

/// The data plane of one node in one run: a PULL socket where everybody's frames arrive and a PUSH
/// socket to every peer. Opened per run, owned by the thread that exchanges.
package final class DataMesh: DataPlane {
    /// A peer's PUSH socket, in a class because sockets cannot be copied into arrays.
    private final class Outbox {
        let socket: Socket

        init(_ announced: String, _ context: Context, _ security: Security) throws {
            let (endpoint, options) = try security.towardsPeer(announced, DataMesh.options)
            socket = try Socket(.push, in: context, options: options)
            try socket.connect(endpoint)
        }
    }

    /// A frame with the message that holds its payload.
    private final class Frame: ReceivedFrame {
        let header: FrameHeader
        let message: Message
        var payload: UnsafeRawBufferPointer { message.bytes }

        init(_ header: FrameHeader, _ message: Message) {
            self.header = header
            self.message = message
        }

        var bytes: Int { FrameHeader.byteCount + header.length }
    }

    private static let options = SocketOptions(
        lingerMilliseconds: 2_000, sendHighWaterMark: 10_000, receiveHighWaterMark: 10_000,
        sendTimeoutMilliseconds: 50, receiveTimeoutMilliseconds: 50)
    private static let sliceMilliseconds = 50
    /// Frames that may wait for their turn on the emulated card; more are left in the socket.
    private static let maximumWaiting = 65_536
    private static let sliceNanoseconds = UInt64(sliceMilliseconds) * 1_000_000

    /// Where peers reach this node.
    package let endpoint: String
    /// Traffic so far.
    package private(set) var meter = ByteMeter()
    private let inbox: Socket
    private let poller: Poller
    private let context: Context
    private let security: Security
    private let cancellation: () -> String?
    private let deadlineMilliseconds: Int
    private var outboxes: [Outbox?] = []
    private var link: EmulatedLink?
    private var waiting: [Frame] = []
    private let first = Message()
    private var lastLook: UInt64 = 0
    private let header = UnsafeMutableRawBufferPointer.allocate(
        byteCount: FrameHeader.byteCount, alignment: 8)

    /// Opens the inbox.
    ///
    /// - Parameters:
    ///   - longestPartBytes: libzmq takes no memory for a longer part, and ends the connection that
    ///     it comes over.
    ///   - bind: binds the inbox; the endpoint that it got.
    init(
        longestPartBytes: Int, context: Context, security: Security, link: EmulatedLink?,
        deadlineMilliseconds: Int, cancellation: @escaping () -> String?,
        bind: (borrowing Socket) throws -> String
    ) throws {
        self.context = context
        self.security = security
        self.link = link
        self.cancellation = cancellation
        self.deadlineMilliseconds = deadlineMilliseconds
        var options = Self.options
        options.maximumMessageBytes = Int64(longestPartBytes)
        inbox = try Socket(.pull, in: context, options: security.letsPeersIn(options))
        endpoint = security.announced(try bind(inbox))
        poller = Poller()
        _ = poller.add(inbox)
    }

    deinit {
        header.deallocate()
    }

    /// Connects to every peer's endpoint, in rank order; a server is last.
    package func connect(_ endpoints: [String], rank: Int) throws {
        outboxes = []
        for (peer, endpoint) in endpoints.enumerated() {
            outboxes.append(peer == rank ? nil : try Outbox(endpoint, context, security))
        }
    }

    package func send(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, to rank: Int
    ) throws(CollectiveError) {
        guard outboxes.indices.contains(rank), let outbox = outboxes[rank] else {
            throw .transport("no endpoint is known for rank \(rank)")
        }
        let bytes = FrameHeader.byteCount + payload.count
        var header = header
        if link != nil {
            header.release = link?.depart(bytes: bytes, now: MonotonicClock.now()) ?? 0
        }
        header.encode(into: self.header)
        meter.sent += Int64(bytes)
        meter.messagesSent += 1
        try send(UnsafeRawBufferPointer(self.header), more: true, through: outbox, to: rank)
        try send(payload, more: false, through: outbox, to: rank)
    }

    package func receive(withinMilliseconds: Int) throws(CollectiveError) -> (any ReceivedFrame)? {
        guard link == nil else { return try receiveThroughLink(withinMilliseconds) }
        var deadline: UInt64?
        while true {
            if let frame = try take(wait: false) { return frame }
            let now = MonotonicClock.now()
            let end = deadline ?? now + UInt64(withinMilliseconds) * 1_000_000
            deadline = end
            guard now < end else { return nil }
            try checkCancellation(now)
            guard end - now >= Self.sliceNanoseconds else {
                try wait(from: now, until: end)
                continue
            }
            if let frame = try take(wait: true) { return frame }
        }
    }

    /// The next frame of ours, straight out of the socket: what waits behind it is left there.
    private func take(wait: Bool) throws(CollectiveError) -> Frame? {
        do {
            while try inbox.receive(into: first, wait: wait) {
                guard let frame = try complete() else { continue }
                meter.received += Int64(frame.bytes)
                return frame
            }
            return nil
        } catch {
            throw .transport("receiving: \(error)")
        }
    }

    /// A frame is two parts; further ones make it a stranger's.
    private func complete() throws(ZeroMQError) -> Frame? {
        let header = try? FrameHeader(parsing: first.bytes)
        var part = first
        var parts = 1
        while part.more, let next = try inbox.receive(wait: true) {
            part = next
            parts += 1
        }
        guard security.admits(part),
            let header = Self.accepted(header, parts: parts, payloadBytes: part.bytes.count)
        else {
            meter.rejected += 1
            return nil
        }
        return Frame(header, part)
    }

    /// The header of a message that is a frame of ours: of two parts, the second of which is as
    /// long as the first one says.
    package static func accepted(
        _ header: FrameHeader?, parts: Int, payloadBytes: Int
    ) -> FrameHeader? {
        guard parts == 2, let header, header.length == payloadBytes else { return nil }
        return header
    }

    private func checkCancellation(_ now: UInt64) throws(CollectiveError) {
        guard now - lastLook >= Self.sliceNanoseconds else { return }
        lastLook = now
        if let reason = cancellation() { throw .cancelled(reason) }
    }

    private func receiveThroughLink(
        _ withinMilliseconds: Int
    ) throws(CollectiveError) -> Frame? {
        let deadline = MonotonicClock.now() + UInt64(withinMilliseconds) * 1_000_000
        while true {
            try drain()
            if let frame = takeDue() {
                meter.received += Int64(frame.bytes)
                return frame
            }
            let now = MonotonicClock.now()
            if now >= deadline { return nil }
            if let reason = cancellation() { throw .cancelled(reason) }
            try wait(from: now, until: min(deadline, nextDue() ?? deadline))
        }
    }

    private func send(
        _ part: UnsafeRawBufferPointer, more: Bool, through outbox: Outbox, to rank: Int
    ) throws(CollectiveError) {
        for _ in 0..<max(1, deadlineMilliseconds / Self.sliceMilliseconds) {
            do {
                if try outbox.socket.send(part, more: more, wait: true) { return }
            } catch {
                throw .unreachable(peer: rank, why: "cannot be sent to: \(error)")
            }
            if let reason = cancellation() { throw .cancelled(reason) }
        }
        throw .unreachable(peer: rank, why: "took no frame for \(deadlineMilliseconds) ms")
    }

    /// Moves every frame that has physically arrived out of the socket.
    private func drain() throws(CollectiveError) {
        do {
            while waiting.count < Self.maximumWaiting,
                try inbox.receive(into: first, wait: false)
            {
                if let frame = try complete() { waiting.append(frame) }
            }
        } catch {
            throw .transport("receiving: \(error)")
        }
    }

    /// The frame that the emulated card serves next: the one that left first.
    private func head() -> Int? {
        waiting.indices.min { waiting[$0].header.release < waiting[$1].header.release }
    }

    private func takeDue() -> Frame? {
        guard let position = head() else { return nil }
        let frame = waiting[position]
        if let due = link?.completion(bytes: frame.bytes, release: frame.header.release) {
            guard due <= MonotonicClock.now() else { return nil }
            link?.serve(bytes: frame.bytes, release: frame.header.release)
        }
        return waiting.remove(at: position)
    }

    private func nextDue() -> UInt64? {
        guard let position = head() else { return nil }
        let frame = waiting[position]
        return link?.completion(bytes: frame.bytes, release: frame.header.release)
    }

    /// Waits for a frame or a moment, a slice at most, without using the processor.
    private func wait(from now: UInt64, until moment: UInt64) throws(CollectiveError) {
        let left = moment > now ? moment - now : 0
        let milliseconds = min(Int(left / 1_000_000), Self.sliceMilliseconds)
        guard milliseconds > 0 else { return MonotonicClock.sleep(nanoseconds: left) }
        do {
            _ = try poller.wait(milliseconds: milliseconds)
        } catch {
            throw .transport("waiting: \(error)")
        }
    }
}
