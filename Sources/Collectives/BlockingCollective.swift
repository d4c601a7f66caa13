import Wire

/// Drives program machines over a transport: the one place where frames meet the buffer.
///
/// Frames of later operations, or whose turn within this one has not come, are kept and offered
/// again; frames of other runs, generations or finished operations are dropped and counted.
public final class BlockingCollective: Collective {
    /// Identity that every frame of a run carries.
    public struct Session: Sendable {
        /// Random identity of the run.
        public var run: UInt64
        /// Membership generation.
        public var generation: UInt32
        /// Words of a piece at most, as `Program.make` takes it.
        public var pieceWords: Int?
        /// Words of one frame at most.
        public var chunkWords: Int
        /// How far sends run ahead of receives, as `Program.make` takes it.
        public var windowWords: Int?
        /// How long a peer may be silent.
        public var deadlineMilliseconds: Int

        /// Memberwise; chunks of 256 KiB and a deadline of 30 s where nothing else is said.
        public init(
            run: UInt64, generation: UInt32 = 0, pieceWords: Int? = nil,
            chunkWords: Int = 65_536,
            windowWords: Int? = nil, deadlineMilliseconds: Int = 30_000
        ) {
            self.run = run
            self.generation = generation
            self.pieceWords = pieceWords
            self.chunkWords = chunkWords
            self.windowWords = windowWords
            self.deadlineMilliseconds = deadlineMilliseconds
        }
    }

    private typealias RangeCombine = (Range<Int>, UnsafeRawBufferPointer) -> Void

    public let rank: Int
    public let worldSize: Int
    public let topology: CollectiveTopology
    /// Frames dropped: duplicates, old or foreign ones.
    public private(set) var dropped = 0
    /// Bytes of the frames that operations have taken, headers included: a frame that came early
    /// counts with the operation it belongs to.
    public private(set) var bytesTaken: Int64 = 0

    private let session: Session
    private let transport: any Transport
    private let phases: any PhaseRecorder
    private var programs: [CollectiveOperation: [Instruction]] = [:]
    private var operation: UInt32 = 0
    private var kept: [any ReceivedFrame] = []
    private let keptLimit: Int
    private let codec = WordCodec()
    /// The operation after this one, whose first frames are on the way.
    private var started: ProgramMachine?

    /// A collective for one node of one run.
    public init(
        rank: Int, worldSize: Int, topology: CollectiveTopology, session: Session,
        transport: any Transport, phases: any PhaseRecorder
    ) {
        self.rank = rank
        self.worldSize = worldSize
        self.topology = topology
        self.session = session
        self.transport = transport
        self.phases = phases
        keptLimit = 65_536
    }

    /// Runs the operation to its end on this node.
    public func begin(
        _ operation: CollectiveOperation, _ transfer: Transfer
    ) throws(CollectiveError) {
        try begin(operation, transfer, ahead: { nil })
    }

    /// The same, and when this node has sent all of its part, it already sends what it can of the
    /// operation that will be begun next, so that its link does not rest in between.
    ///
    /// - Parameter ahead: that operation, if it is known at the moment of asking.
    public func begin(
        _ operation: CollectiveOperation, _ transfer: Transfer,
        ahead: () -> (CollectiveOperation, Transfer)?
    ) throws(CollectiveError) {
        try run(operation, transfer, ahead) { range, payload in
            codec.add(payload, to: range, in: transfer)
        }
    }

    /// Nothing is left to wait for.
    public func finish() throws(CollectiveError) {}

    public func reduceWhole(
        _ buffer: UnsafeMutableBufferPointer<Float>, combine: Combine
    ) throws(CollectiveError) {
        let operation = CollectiveOperation.reduce(words: buffer.count, whole: true)
        try run(operation, Transfer(buffer), { nil }) { range, payload in
            combine(UnsafeMutableBufferPointer(rebasing: buffer[range]), payload)
        }
    }

    private func run(
        _ operation: CollectiveOperation, _ transfer: Transfer,
        _ ahead: () -> (CollectiveOperation, Transfer)?, combine: RangeCombine
    ) throws(CollectiveError) {
        phases.enter(.exchange)
        var machine = started ?? machine(for: operation)
        started = nil
        while true {
            try sendAll(of: &machine, transfer, number: self.operation)
            guard case .wait(let peer) = machine.next() else { break }
            if offerKept(to: &machine, transfer, combine) { continue }
            if started == nil, machine.hasSentAll, let (operation, transfer) = ahead() {
                var next = self.machine(for: operation)
                try sendAll(of: &next, transfer, number: self.operation &+ 1)
                started = next
            }
            try receive(for: &machine, waitingFor: peer, transfer, combine)
        }
        self.operation &+= 1
    }

    /// Sends until the machine waits or has finished.
    private func sendAll(
        of machine: inout ProgramMachine, _ transfer: Transfer, number: UInt32
    ) throws(CollectiveError) {
        codec.forget()
        while case .send(let peer, let index, let range) = machine.next() {
            try send(
                codec.payload(of: range, in: transfer), to: peer, index: index, number: number)
        }
    }

    private func machine(for operation: CollectiveOperation) -> ProgramMachine {
        ProgramMachine(program: program(for: operation), peers: worldSize + 1)
    }

    private func program(for operation: CollectiveOperation) -> [Instruction] {
        if let known = programs[operation] { return known }
        let made = Program.make(
            topology, operation, rank: rank, worldSize: worldSize,
            chunkWords: session.chunkWords, windowWords: session.windowWords,
            pieceWords: session.pieceWords)
        programs[operation] = made
        return made
    }

    private func send(
        _ payload: UnsafeRawBufferPointer, to peer: Int, index: UInt32, number: UInt32
    ) throws(CollectiveError) {
        let header = FrameHeader(
            from: rank, run: session.run, generation: session.generation, operation: number,
            index: index, length: payload.count)
        try transport.send(header, payload, to: peer)
    }

    private func receive(
        for machine: inout ProgramMachine, waitingFor peer: Int,
        _ transfer: Transfer, _ combine: RangeCombine
    ) throws(CollectiveError) {
        phases.enter(.wait)
        let frame = try transport.receive(
            from: peer, withinMilliseconds: session.deadlineMilliseconds)
        phases.enter(.exchange)
        guard let frame else {
            throw .expired(waitingFor: peer, milliseconds: session.deadlineMilliseconds)
        }
        guard frame.header.run == session.run, frame.header.generation == session.generation
        else {
            dropped += 1
            return
        }
        if !offer(frame, to: &machine, transfer, combine) {
            guard kept.count < keptLimit else { throw .flooded(frames: kept.count) }
            kept.append(frame)
        }
    }

    /// Offers what was kept, oldest first; true when one was taken.
    private func offerKept(
        to machine: inout ProgramMachine, _ transfer: Transfer, _ combine: RangeCombine
    ) -> Bool {
        var taken = false
        var position = 0
        while position < kept.count {
            if offer(kept[position], to: &machine, transfer, combine) {
                kept.remove(at: position)
                taken = true
                break
            }
            position += 1
        }
        return taken
    }

    /// True when the frame is dealt with (taken or dropped), false when it has to be kept.
    private func offer(
        _ frame: any ReceivedFrame, to machine: inout ProgramMachine,
        _ transfer: Transfer, _ combine: RangeCombine
    ) -> Bool {
        let header = frame.header
        let distance = Int32(bitPattern: header.operation &- operation)
        if distance > 0 { return false }
        guard distance == 0 else {
            dropped += 1
            return true
        }
        let bytes = transfer.format.wordBytes
        let words = header.length % bytes == 0 ? header.length / bytes : -1
        switch machine.received(from: header.from, index: header.index, words: words) {
        case .begin(let range):
            codec.replace(range, with: frame.payload, in: transfer, beginsSum: true)
        case .combine(let range):
            combine(range, frame.payload)
        case .replace(let range):
            codec.replace(range, with: frame.payload, in: transfer, beginsSum: false)
        case .early: return false
        case .duplicate, .foreign:
            dropped += 1
            return true
        }
        bytesTaken += Int64(FrameHeader.byteCount + header.length)
        return true
    }
}
