package import Collectives
import Foundation
import SharedMemory
package import Wire

/// The data plane among nodes of one host: a ring in shared memory for every ordered pair.
///
/// A payload is copied once, into the ring; the receiver combines it from there. Who waits sleeps
/// on the doorbell of its own segment, and is woken only by the peer that it waits for.
package final class SharedMemoryMesh: DataPlane {
    private struct Outlet {
        var writer: RingWriter
        let segment: SharedSegment
    }

    private static let sliceNanoseconds: UInt64 = 50_000_000
    /// A peer whose ring stays full so long may itself be waiting for room in ours.
    private static let patienceNanoseconds: UInt64 = 5_000_000
    /// Looks at a ring before sleeping: about a microsecond, less than falling asleep takes.
    private static let looks = 40

    package let endpoint: String
    private let layout: RingLayout
    private let segment: SharedSegment
    private let doorbell: Doorbell
    private let inlets: [SharedMemoryInlet]
    private let cancellation: () -> String?
    private let deadlineMilliseconds: Int
    private var outlets: [Outlet?] = []
    private var counted = ByteMeter()
    private var lastLook: UInt64 = 0
    private let header = UnsafeMutableRawBufferPointer.allocate(
        byteCount: FrameHeader.byteCount, alignment: 8)

    /// Identity of those who can map each other's memory: this user in this namespace of process
    /// numbers. Empty where a trial fails.
    static var domain: String {
        let link = "/proc/self/ns/pid"
        guard let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
            let trial = try? SharedSegment(byteCount: 4096),
            (try? SharedSegment(
                process: getpid(), descriptor: trial.descriptor, byteCount: 4096)) != nil
        else { return "" }
        return "\(namespace) user \(geteuid())"
    }

    /// Makes this node's segment; the rings hold eight frames of `frameBytes`.
    package init(
        nodes: Int, frameBytes: Int, deadlineMilliseconds: Int = 30_000,
        cancellation: @escaping () -> String?
    ) throws {
        self.deadlineMilliseconds = deadlineMilliseconds
        var capacity = 65_536
        while capacity < 8 * frameBytes, capacity < 8 << 20 { capacity *= 2 }
        let layout = RingLayout(rings: nodes, capacity: capacity)
        let segment = try SharedSegment(byteCount: layout.byteCount)
        let token = UInt64.random(in: .min ... .max)
        layout.mark(segment, token: token)
        guard let doorbell = layout.doorbell(segment) else {
            throw ClusterError("a segment without memory")
        }
        inlets = (0..<nodes).compactMap { index in
            RingReader(segment, layout, index: index).map { SharedMemoryInlet($0, in: segment) }
        }
        endpoint =
            SharedMemoryAddress(
                process: getpid(), descriptor: segment.descriptor, token: token
            ).text
        self.layout = layout
        self.segment = segment
        self.doorbell = doorbell
        self.cancellation = cancellation
    }

    deinit {
        header.deallocate()
    }

    package var meter: ByteMeter {
        var meter = counted
        meter.rejected = inlets.reduce(0) { $0 + $1.rejected }
        return meter
    }

    /// Maps every peer's segment and makes sure that it is the peer's.
    package func connect(_ endpoints: [String], rank: Int) throws {
        guard endpoints.count <= inlets.count else {
            throw ClusterError("\(endpoints.count) endpoints, but rings for \(inlets.count)")
        }
        outlets = try endpoints.enumerated().map { peer, endpoint in
            peer == rank ? nil : try outlet(to: peer, endpoint, rank: rank)
        }
    }

    private func outlet(to peer: Int, _ endpoint: String, rank: Int) throws -> Outlet {
        guard let address = SharedMemoryAddress(endpoint) else {
            throw ClusterError("rank \(peer) is at \(endpoint), not in shared memory")
        }
        let remedy = "; transport: ipc or tcp does without shared memory"
        do {
            let segment = try SharedSegment(
                process: address.process, descriptor: address.descriptor,
                byteCount: layout.byteCount)
            guard layout.isMarked(segment, token: address.token),
                let writer = RingWriter(segment, layout, index: rank),
                let bell = layout.doorbell(segment)
            else { throw ClusterError("found another process's memory") }
            inlets[peer].attach(segment, bell)
            return Outlet(writer: writer, segment: segment)
        } catch {
            throw ClusterError("the memory of rank \(peer) cannot be shared: \(error)\(remedy)")
        }
    }

    package func send(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, to rank: Int
    ) throws(CollectiveError) {
        guard outlets.indices.contains(rank), let longest = outlets[rank]?.writer.longestPayload
        else { throw .transport("no endpoint is known for rank \(rank)") }
        header.encode(into: self.header)
        counted.sent += Int64(FrameHeader.byteCount + payload.count)
        counted.messagesSent += 1
        var start = 0
        repeat {
            let end = min(payload.count, start + longest)
            let part = UnsafeRawBufferPointer(rebasing: payload[start..<end])
            while !write(part, more: end < payload.count, to: rank) {
                try waitForRoom(part.count, to: rank)
            }
            start = end
        } while start < payload.count
    }

    package func receive(withinMilliseconds: Int) throws(CollectiveError) -> (any ReceivedFrame)? {
        try receive(from: inlets[...], withinMilliseconds: withinMilliseconds)
    }

    package func receive(
        from peer: Int, withinMilliseconds: Int
    ) throws(CollectiveError) -> (any ReceivedFrame)? {
        guard inlets.indices.contains(peer) else { throw .transport("no rank \(peer)") }
        return try receive(
            from: inlets[peer...peer], withinMilliseconds: withinMilliseconds)
    }

    private func write(_ part: UnsafeRawBufferPointer, more: Bool, to rank: Int) -> Bool {
        outlets[rank]?.writer.write(
            head: UnsafeRawBufferPointer(header), payload: part, more: more) ?? false
    }

    private func receive(
        from sources: ArraySlice<SharedMemoryInlet>, withinMilliseconds: Int
    ) throws(CollectiveError) -> (any ReceivedFrame)? {
        var deadline: UInt64?
        while true {
            for inlet in sources {
                guard let frame = inlet.next() else { continue }
                counted.received += Int64(FrameHeader.byteCount + frame.header.length)
                return frame
            }
            if look(at: sources) { continue }
            let now = MonotonicClock.now()
            let end = deadline ?? now + UInt64(withinMilliseconds) * 1_000_000
            deadline = end
            guard now < end else { return nil }
            try checkCancellation(now)
            let ticket = doorbell.ticket
            for inlet in sources { inlet.announceWaiting(true) }
            if !sources.contains(where: \.hasNews) {
                doorbell.sleep(
                    ticket: ticket, nanoseconds: min(end - now, Self.sliceNanoseconds))
            }
            for inlet in sources { inlet.announceWaiting(false) }
        }
    }

    /// Looks a bounded number of times whether something comes.
    private func look(at sources: ArraySlice<SharedMemoryInlet>) -> Bool {
        for _ in 0..<Self.looks {
            if sources.contains(where: \.hasNews) { return true }
            Doorbell.relax()
        }
        return false
    }

    /// Sleeps until a peer has made room, or some time; what arrives meanwhile is taken out of the
    /// rings when that lasts, because two full rings would hold each other up.
    private func waitForRoom(_ count: Int, to rank: Int) throws(CollectiveError) {
        let start = MonotonicClock.now()
        while let writer = outlets[rank]?.writer, !writer.hasRoom(for: count) {
            let ticket = doorbell.ticket
            writer.announceWaiting(true)
            if !writer.hasRoom(for: count) {
                doorbell.sleep(ticket: ticket, nanoseconds: Self.patienceNanoseconds)
            }
            writer.announceWaiting(false)
            let now = MonotonicClock.now()
            guard now - start < UInt64(deadlineMilliseconds) * 1_000_000 else {
                throw .unreachable(
                    peer: rank, why: "took no frame for \(deadlineMilliseconds) ms")
            }
            try checkCancellation(now)
            if now - start >= Self.patienceNanoseconds { for inlet in inlets { inlet.spill() } }
        }
    }

    private func checkCancellation(_ now: UInt64) throws(CollectiveError) {
        guard now - lastLook >= Self.sliceNanoseconds else { return }
        lastLook = now
        if let reason = cancellation() { throw .cancelled(reason) }
    }
}
