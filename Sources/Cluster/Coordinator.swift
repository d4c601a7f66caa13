import Experiment
import Foundation
public import Logging
import Membership
import NeuralNetwork
import RunStore
import Sketching
import Wire
import ZeroMQ

/// The coordinator process: one thread that owns the router socket, the board and the store.
public final class Coordinator {
    /// What a coordinator is started with.
    public struct Options: Sendable {
        /// Where it listens, e.g. `tcp://127.0.0.1:*`.
        public var bind: String
        /// Path of the database.
        public var database: String
        /// Keep a run's summary, evaluations and events, but no row per step.
        public var summaryOnly: Bool
        /// End when standard input closes.
        public var endsWithParent: Bool
        /// Whether runs that an earlier coordinator left are taken over, or marked as failed.
        public var takesOver = true
        /// Time between two heartbeats of a daemon.
        public var heartbeatMilliseconds = 1_000
        /// How its socket is protected.
        public var security: Security
        /// Takes what people may want to know; standard error.
        public var logger: Logger

        /// Memberwise.
        public init(
            bind: String, database: String, summaryOnly: Bool = false, endsWithParent: Bool,
            security: Security = .loopback, logger: Logger
        ) {
            self.summaryOnly = summaryOnly
            self.bind = bind
            self.database = database
            self.endsWithParent = endsWithParent
            self.security = security
            self.logger = logger
        }
    }

    /// The endpoint that it listens on, with the port that the system chose.
    public let endpoint: String
    private let options: Options
    private let context: Context
    private let gate: Gate
    private var peers: ControlPeers
    private let socket: Socket
    private let store: RunStore
    private let recorder: Recorder
    private let desk: RunDesk
    private var board: RunBoard
    private var acknowledged: [RunBoard.NodeID: UInt64] = [:]
    private let stop = StopFlag()
    /// From before the database is opened: a signal ends the coordinator in order, or not at all.
    private let signals: SignalWatch
    // Behind the store, so that it is given up last: closing a file of a process takes away the
    // locks that SQLite has on it.
    private let claim: DatabaseClaim
    private let reserve: DiskReserve

    /// Opens the database and binds the socket; what an earlier coordinator left is looked at when
    /// both are ours.
    ///
    /// - Throws: `StoreError`, `ClusterError` or `ZeroMQError`, each with its remedy.
    public init(options: Options) throws {
        self.options = options
        signals = SignalWatch { [stop] name in stop.raise("signal \(name)") }
        try options.security.requireMayListen(on: options.bind)
        let listening = try ListeningEndpoint(parsing: options.bind)
        let succession = Succession(database: options.database)
        claim = try DatabaseClaim(path: options.database)
        store = try RunStore(path: options.database)
        reserve = DiskReserve(beside: options.database)
        recorder = Recorder(store: store, keepsSteps: !options.summaryOnly)
        desk = RunDesk(store: store)
        board = RunBoard(
            version: PeerlessVersion.current,
            heartbeat: Heartbeat(milliseconds: options.heartbeatMilliseconds))
        board.bootID = HostFacts.bootID
        context = try Context()
        gate = try Gate(
            options.security, in: context, logger: options.logger, logsRefusals: false)
        peers = ControlPeers(gate: gate)
        socket = try Socket(
            .router, in: context,
            options: options.security.letsDaemonsIn(
                SocketOptions(
                    lingerMilliseconds: 500, sendHighWaterMark: 10_000,
                    receiveHighWaterMark: 10_000,
                    sendTimeoutMilliseconds: 100, receiveTimeoutMilliseconds: 0,
                    routerMandatory: true,
                    maximumMessageBytes: Int64(ControlCodec.maximumBytes))))
        endpoint = try Self.listen(with: socket, on: listening.text)
        try takeOver(after: succession)
    }

    /// The endpoint with the port that the system chose.
    private static func listen(with socket: borrowing Socket, on bind: String) throws -> String {
        do throws(ZeroMQError) {
            return try socket.bind(bind)
        } catch {
            guard error.code == EADDRINUSE else { throw error }
            throw ClusterError(
                "\(error); end the program that listens there, or name another port with --bind")
        }
    }

    private func takeOver(after succession: Succession) throws {
        guard options.takesOver else {
            let interrupted = try store.markInterrupted()
            guard interrupted > 0 else { return }
            options.logger.warning("\(interrupted) runs of an earlier coordinator had not ended")
            return
        }
        let lines = try desk.takeOver(into: &board, after: succession, now: now)
        for line in lines { options.logger.notice("\(line)") }
    }

    /// Works until a signal, a client's shutdown or the parent's end; blocks.
    ///
    /// - Throws: `StoreError` when the database can no longer be written: the daemons are told to
    ///   stop, and what was recorded stays. `RecordingEnd` says whether another start may help.
    public func run() throws {
        defer { signals.cancel() }
        do {
            try work()
            try close(stop.reason ?? "")
        } catch let error as StoreError {
            abandon(after: error)
            throw error
        }
    }

    private func work() throws {
        let poller = Poller()
        let messages = poller.add(socket)
        poller.addHandshakes(of: socket)
        let parent = options.endsWithParent ? poller.add(descriptor: STDIN_FILENO) : nil
        // Fast heartbeats are to be missed soon.
        let pause = max(1, min(50, options.heartbeatMilliseconds / 2))
        while stop.reason == nil {
            _ = try poller.wait(milliseconds: pause)
            if let parent, poller.isReady(parent), hasEnded(STDIN_FILENO) {
                stop.raise("the parent process ended")
            }
            if poller.isReady(messages) { try receiveAll() }
            try carryOut(board.tick(now: now))
            try carryOut(refused())
            try flush(always: false)
        }
    }

    private var now: Double { Double(MonotonicClock.now()) / 1e9 }

    /// Events about peers that were not let in.
    private func refused() throws -> [RunBoard.Effect] {
        try gate.takeRefused(from: socket).map {
            .event(run: nil, kind: "refused", node: $0.name, detail: $0.detail)
        }
    }

    private func receiveAll() throws {
        for _ in 0..<256 {
            guard let (parts, user, address) = try socket.receiveIdentified(wait: false) else {
                return
            }
            guard gate.admits(user) else {
                gate.noteUnheard(user, at: address)
                continue
            }
            guard (2...3).contains(parts.count), let bytes = parts.last else { continue }
            let speaker = Speaker(
                id: parts[0], user: user, address: address, byteCount: bytes.count)
            do {
                let message = signed(try ControlCodec.decode(bytes), by: user)
                if let why = peers.objection(to: message, from: speaker.id, user: user) {
                    try send(.refused(reason: why), to: speaker.id)
                    refuse(speaker, named: message.introducedName, why)
                    continue
                }
                let sequence = parts.count == 3 ? Self.sequence(parts[1]) : nil
                try answer(message, sequence: sequence, from: speaker)
            } catch let error as ControlError {
                try send(.refused(reason: error.description), to: speaker.id)
            }
        }
    }

    /// A hello with the key that its sender has proved to hold.
    private func signed(_ message: ControlMessage, by user: String?) -> ControlMessage {
        guard gate.hasKeys, case .hello(var hello) = message else { return message }
        board.forgetKeys { !gate.admits($0) }
        hello.publicKey = user
        return .hello(hello)
    }

    /// Whom a message is from.
    private struct Speaker {
        let id: RunBoard.NodeID
        /// The key that it has proved to hold, and its address, where they are known.
        let user: String?
        let address: String?
        /// Length of the message.
        let byteCount: Int
    }

    /// Has a refusal recorded, but not as often as it is asked for.
    private func refuse(_ speaker: Speaker, named name: String?, _ reason: String) {
        let refusal = Refusal(
            mechanism: nil, address: speaker.address,
            key: speaker.user.flatMap { CurvePublicKey($0) }, reason: reason)
        gate.note(refusal, of: name)
    }

    private static func sequence(_ bytes: [UInt8]) -> UInt64 {
        bytes.count == 8 ? bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } : .max
    }

    private func answer(
        _ message: ControlMessage, sequence: UInt64?, from speaker: Speaker
    ) throws {
        let id = speaker.id
        switch message {
        case .submit(let requests): try send(desk.submit(requests, to: &board), to: id)
        case .resume(let run): try send(desk.resume(run, to: &board), to: id)
        case .status:
            let clock = Date().timeIntervalSince1970
            let picture = board.board(database: options.database, now: clock, moment: now)
            // Who asks at length wants to know whether long answers arrive.
            try send(.board(picture), to: id, leastBytes: speaker.byteCount)
        case .cancelRun(let run):
            let (found, effects) = board.cancel(run, reason: "cancelled by a client", now: now)
            try carryOut(effects)
            let refusal = "run \(run) is neither queued nor running; see: peerless status"
            try send(found ? .acknowledged : .refused(reason: refusal), to: id)
        case .note(let run, let kind, let detail):
            let refusal = try desk.refusal(ofNoteOn: run)
            if refusal == nil {
                try carryOut([.event(run: run, kind: kind, node: nil, detail: detail)])
                // Who hears that it was taken may kill this process.
                try flush(always: true)
            }
            try send(refusal ?? .acknowledged, to: id)
        case .shutdown:
            try send(.acknowledged, to: id)
            stop.raise("asked by a client")
        default:
            // What it was told is recorded may not have reached it.
            if case .sent = message { acknowledged[id] = nil }
            let effects = board.received(message, sequence: sequence, from: id, now: now)
            for case .refused(let node, let reason) in effects {
                refuse(speaker, named: node, reason)
            }
            try carryOut(effects)
        }
    }

    private func carryOut(_ effects: [RunBoard.Effect]) throws {
        for effect in effects {
            if case .send(let id, let message) = effect { try send(message, to: id) }
            if case .event(_, let kind, let node, let detail) = effect {
                options.logger.info("\(node ?? "coordinator") \(kind): \(detail)")
            }
            try recorder.take(effect)
        }
    }

    /// Once everything taken so far is committed, daemons may forget it.
    private func flush(always: Bool) throws {
        guard try recorder.flush(always: always) else { return }
        let daemons = board.daemons
        acknowledged = acknowledged.filter { daemons.contains($0.key) }
        peers.keep(daemons)
        for id in daemons {
            guard let settled = board.settledSequence(of: id), settled > acknowledged[id] ?? 0
            else { continue }
            acknowledged[id] = settled
            try send(.recorded(through: settled), to: id)
        }
    }

    /// A peer that has gone is no trouble of ours: its heartbeats will tell.
    private func send(
        _ message: ControlMessage, to id: RunBoard.NodeID, leastBytes: Int = 0
    ) throws {
        let bytes = try ControlCodec.encode(message, leastBytes: leastBytes)
        do {
            _ = try socket.send([id, bytes])
        } catch {
            options.logger.debug("a message found no receiver: \(error)")
        }
    }

    /// Cancels what runs, waits a little for the members' words, and tells the daemons to end.
    private func close(_ reason: String) throws {
        try carryOut(board.shutdown(reason: reason, now: now))
        let deadline = now + 3
        let poller = Poller()
        _ = poller.add(socket)
        while board.active != nil, now < deadline {
            _ = try poller.wait(milliseconds: 50)
            try receiveAll()
            try carryOut(board.tick(now: now))
        }
        for id in board.daemons { try send(.stop, to: id) }
        try carryOut(refused())
        try carryOut([.event(run: nil, kind: "stopped", node: nil, detail: reason)])
        try flush(always: true)
        if let run = board.active?.request.id {
            try recorder.take(.ended(run: run, .cancelled(reason)))
        }
    }

    /// Ends the runs without the store: nothing more can be recorded, so nobody should go on
    /// measuring. That they failed is tried to be written, once.
    private func abandon(after error: StoreError) {
        let end = RecordingEnd(error)
        let reason = end?.description ?? "cannot record: \(error)"
        let running = board.active?.request.id
        for case .send(let id, let message) in board.shutdown(reason: reason, now: now) {
            try? send(message, to: id)
        }
        for id in board.daemons { try? send(.stop, to: id) }
        // Whoever holds the file was waited for long enough.
        if case .storage(.locked, _, _, _) = error { return }
        reserve.release()
        if let running { try? recorder.giveUp(running, because: reason) }
        // A parent starts no other coordinator; any other one takes the queue over.
        if end != nil, options.endsWithParent { _ = try? store.markInterrupted(because: reason) }
    }
}
