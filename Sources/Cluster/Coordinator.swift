import Experiment
import Foundation
public import Logging
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
    private let socket: Socket
    private let store: RunStore
    private let recorder: Recorder
    private var board = RunBoard(version: PeerlessVersion.current)
    private let facts = HostFacts(blas: BLAS.coreName, engine: Engine.preferred.summary)
    private let revision = GitRevision.current()
    private let stop = StopFlag()

    /// Opens the database and binds the socket.
    ///
    /// - Throws: `StoreError` or `ZeroMQError`, each with its remedy.
    public init(options: Options) throws {
        self.options = options
        try options.security.requireMayListen(on: options.bind)
        store = try RunStore(path: options.database)
        let interrupted = try store.markInterrupted()
        if interrupted > 0 {
            options.logger.warning("\(interrupted) runs of an earlier coordinator had not ended")
        }
        recorder = Recorder(store: store, keepsSteps: !options.summaryOnly)
        context = try Context()
        gate = try Gate(
            options.security, in: context, logger: options.logger, logsRefusals: false)
        socket = try Socket(
            .router, in: context,
            options: options.security.letsDaemonsIn(
                SocketOptions(
                    lingerMilliseconds: 500, sendHighWaterMark: 10_000,
                    receiveHighWaterMark: 10_000,
                    sendTimeoutMilliseconds: 100, receiveTimeoutMilliseconds: 0,
                    routerMandatory: true,
                    maximumMessageBytes: Int64(ControlCodec.maximumBytes))))
        endpoint = try socket.bind(options.bind)
    }

    /// Works until a signal, a client's shutdown or the parent's end; blocks.
    public func run() throws {
        let signals = SignalWatch { [stop] name in stop.raise("signal \(name)") }
        defer { signals.cancel() }
        let poller = Poller()
        let messages = poller.add(socket)
        poller.addHandshakes(of: socket)
        let parent = options.endsWithParent ? poller.add(descriptor: STDIN_FILENO) : nil
        while stop.reason == nil {
            _ = try poller.wait(milliseconds: 50)
            if let parent, poller.isReady(parent), hasEnded(STDIN_FILENO) {
                stop.raise("the parent process ended")
            }
            if poller.isReady(messages) { try receiveAll() }
            try carryOut(board.tick(now: now))
            try carryOut(refused())
            try recorder.flush(always: false)
        }
        try close(stop.reason ?? "")
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
            guard let (parts, user) = try socket.receiveIdentified(wait: false) else { return }
            guard parts.count == 2, gate.admits(user) else { continue }
            do {
                try answer(ControlCodec.decode(parts[1]), from: parts[0])
            } catch let error as ControlError {
                try send(.refused(reason: error.description), to: parts[0])
            }
        }
    }

    private func answer(_ message: ControlMessage, from id: [UInt8]) throws {
        switch message {
        case .submit(let requests): try send(submit(requests), to: id)
        case .status: try send(.board(board.board(database: options.database)), to: id)
        case .cancelRun(let run):
            let (found, effects) = board.cancel(run, reason: "cancelled by a client", now: now)
            try carryOut(effects)
            let refusal = "run \(run) is neither queued nor running; see: peerless status"
            try send(found ? .acknowledged : .refused(reason: refusal), to: id)
        case .shutdown:
            try send(.acknowledged, to: id)
            stop.raise("asked by a client")
        default: try carryOut(board.received(message, from: id, now: now))
        }
    }

    private func submit(_ requests: [RunRequest]) throws -> ControlMessage {
        var variants: [Variant] = []
        for request in requests {
            guard
                let variant = try? JSONDecoder().decode(
                    Variant.self, from: Data(request.config.utf8))
            else { return .refused(reason: "a variant of \(request.experiment) is not understood") }
            variants.append(variant)
        }
        var runs: [Int64] = []
        for (request, variant) in zip(requests, variants) {
            let run = try store.createRun(
                RunDescription(request, variant, facts: facts, revision: revision))
            runs.append(run)
            board.submit(
                RunBoard.Request(
                    id: run, experiment: request.experiment, variant: variant.name,
                    seed: request.seed, workers: variant.workers, batch: variant.batch,
                    needsServer: variant.topology == .server, emulatesLink: variant.link != nil,
                    config: request.config, identity: .random(in: 1 ... .max)))
        }
        return .accepted(runs: runs)
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

    /// A peer that has gone is no trouble of ours: its heartbeats will tell.
    private func send(_ message: ControlMessage, to id: [UInt8]) throws {
        let bytes = try ControlCodec.encode(message)
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
        for id in board.nodes.keys { try send(.stop, to: id) }
        try recorder.flush(always: true)
        if let run = board.active?.request.id {
            try recorder.take(.ended(run: run, .cancelled(reason)))
        }
    }
}

extension RunDescription {
    /// What the store keeps of a request.
    init(_ request: RunRequest, _ variant: Variant, facts: HostFacts, revision: String?) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let host = (try? encoder.encode(facts)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        self.init(
            experiment: request.experiment, experimentText: request.experimentText,
            variant: variant.name, seed: request.seed, topology: variant.topology.rawValue,
            method: variant.methodSummary, methodName: variant.method.name,
            optimizer: variant.optimizer.summary, dataset: variant.dataset.rawValue,
            model: variant.model.rawValue, workers: variant.workers, batch: variant.batch,
            link: variant.link?.summary, target: variant.target?.accuracy, config: request.config,
            caseHash: Self.hash(variant.canonicalJSON), contextHash: Self.hash(host),
            gitRevision: revision, host: host, uuid: UUID().uuidString.lowercased())
    }

    private static func hash(_ text: String) -> String {
        let value = Array(text.utf8).withUnsafeBytes { Checksum.of(bytes: $0) }
        return String(format: "%016lx", value)
    }
}
