import Foundation
import Logging
import Membership
import Wire
import ZeroMQ

/// The control thread of a daemon: owns the socket to the coordinator, sends heartbeats and
/// metrics, watches the parent, so that a long gradient never looks like a dead worker.
///
/// What the coordinator must not lose is numbered and kept (`Spool`) until it says that it is
/// recorded. A coordinator that is away is waited for: the work goes on meanwhile.
final class ControlLoop: Sendable {
    private let options: DaemonOptions
    private let hello: Hello
    private let mailbox: Mailbox
    private let context: Context
    private let finished = DispatchSemaphore(value: 0)

    init(options: DaemonOptions, hello: Hello, mailbox: Mailbox, context: Context) {
        self.options = options
        self.hello = hello
        self.mailbox = mailbox
        self.context = context
    }

    /// Starts the thread.
    func start() {
        let thread = Thread { [self] in
            do {
                try run()
            } catch {
                mailbox.requestEnd("control: \(error)")
            }
            finished.signal()
        }
        thread.name = "control"
        thread.start()
    }

    /// Waits for the thread's end; false after the time.
    func join(withinMilliseconds: Int) -> Bool {
        finished.wait(timeout: .now() + .milliseconds(withinMilliseconds)) == .success
    }

    private func run() throws {
        let socket = try Socket(
            .dealer, in: context,
            options: options.security.towardsCoordinator(
                SocketOptions(
                    lingerMilliseconds: 500, sendHighWaterMark: 10_000,
                    receiveHighWaterMark: 10_000,
                    sendTimeoutMilliseconds: 100, receiveTimeoutMilliseconds: 0,
                    maximumMessageBytes: Int64(ControlCodec.maximumBytes),
                    routingID: UUID().uuidString, reconnectMaximumMilliseconds: 2_000)))
        try socket.connect(options.coordinator)
        let poller = Poller()
        let control = poller.add(socket)
        _ = poller.add(descriptor: mailbox.wakeReader)
        let parent = options.endsWithParent ? poller.add(descriptor: STDIN_FILENO) : nil
        var state = Conversation(now: MonotonicClock.now())
        try introduce(socket, state)
        while mailbox.end == nil {
            _ = try poller.wait(milliseconds: state.pauseMilliseconds(now: MonotonicClock.now()))
            if let parent, poller.isReady(parent), hasEnded(STDIN_FILENO) {
                mailbox.requestEnd("the parent process ended")
            }
            if poller.isReady(control) { try receive(socket, &state) }
            try keepInTouch(socket, &state)
        }
        try sayGoodbye(socket, &state)
    }

    /// What the loop remembers between rounds; moments in monotonic nanoseconds.
    private struct Conversation {
        var lastHeard: UInt64
        var lastBeat: UInt64
        var lastFlush: UInt64
        var heartbeat = Heartbeat()
        var isWelcome = false
        /// Whether the coordinator was there once.
        var hasMet = false
        var isAlone = false
        var lastIntroduction: UInt64 = 0
        let spool = Spool(folder: NSTemporaryDirectory())
        /// The last numbered message that was sent since the coordinator's welcome.
        var sentThrough: UInt64 = 0
        /// The last outcome that was told: its number, and what it ended.
        var outcome: (sequence: UInt64, run: Int64, generation: UInt32)?
        var reportedDrops = 0
        var clock = ClockFilter()

        init(now: UInt64) {
            lastHeard = now
            lastBeat = now
            lastFlush = now
        }

        var beatNanoseconds: UInt64 { UInt64(heartbeat.milliseconds) * 1_000_000 }

        /// Until the next beat, and not for long.
        func pauseMilliseconds(now: UInt64) -> Int {
            let next = lastBeat + beatNanoseconds
            return next > now ? Int(min(100, (next - now) / 1_000_000 + 1)) : 0
        }
    }

    private func introduce(_ socket: borrowing Socket, _ state: Conversation) throws {
        var hello = hello
        hello.place = mailbox.place
        hello.oldestSequence = state.spool.oldest
        hello.beatMilliseconds = state.heartbeat.milliseconds
        hello.newestSequence = state.spool.newest
        _ = try socket.send([ControlCodec.encode(.hello(hello))])
    }

    private func receive(_ socket: borrowing Socket, _ state: inout Conversation) throws {
        while let parts = try socket.receiveParts(wait: false) {
            guard let message = decoded(parts) else { continue }
            state.lastHeard = MonotonicClock.now()
            if state.isAlone {
                state.isAlone = false
                options.logger.notice("the coordinator is back")
            }
            switch message {
            case .welcome(let milliseconds):
                state.heartbeat = Heartbeat(milliseconds: max(10, min(60_000, milliseconds)))
                // To a hello that was said twice the answer comes twice.
                if !state.isWelcome { state.sentThrough = state.spool.oldest - 1 }
                state.isWelcome = true
                state.hasMet = true
                try askTime(socket, state)
            case .clocked(let sent, let heard, let bootID):
                if bootID == hello.bootID {
                    state.clock.isSame()
                } else {
                    state.clock.took(
                        sent: sent, heard: heard, received: Int64(MonotonicClock.now()))
                }
                if state.clock.count <= ClockFilter.burst { try askTime(socket, state) }
            case .heartbeat: break
            case .introduce: try introduceAgain(socket, &state)
            case .recorded(let sequence): recorded(sequence, &state)
            case .refused(let reason):
                mailbox.requestEnd("the coordinator refused this \(hello.role): \(reason)")
            case .stop: mailbox.requestEnd("stopped by the coordinator")
            default: mailbox.deliver(message)
            }
        }
    }

    /// Says how the clock is believed to stand, too.
    private func askTime(_ socket: borrowing Socket, _ state: Conversation) throws {
        let question = ControlMessage.clock(sent: Int64(MonotonicClock.now()), state.clock.best)
        _ = try socket.send([ControlCodec.encode(question)])
    }

    private func decoded(_ parts: [[UInt8]]) -> ControlMessage? {
        do {
            return try ControlCodec.decode(parts.last ?? [])
        } catch {
            options.logger.warning("a message of the coordinator was passed over: \(error)")
            return nil
        }
    }

    /// A coordinator that does not know the daemon says so to everything that was on the way to it.
    private func introduceAgain(
        _ socket: borrowing Socket, _ state: inout Conversation
    ) throws {
        let now = MonotonicClock.now()
        guard state.isWelcome || now - state.lastIntroduction > 300_000_000 else { return }
        state.isWelcome = false
        state.lastIntroduction = now
        try introduce(socket, state)
    }

    private func recorded(_ sequence: UInt64, _ state: inout Conversation) {
        state.spool.acknowledge(through: sequence)
        if let outcome = state.outcome, outcome.sequence <= sequence {
            mailbox.settle(run: outcome.run, generation: outcome.generation)
            state.outcome = nil
        }
    }

    private func keepInTouch(_ socket: borrowing Socket, _ state: inout Conversation) throws {
        let now = MonotonicClock.now()
        if now - state.lastBeat >= state.beatNanoseconds {
            state.lastBeat = now
            try beat(socket, &state)
        }
        let flushes = now - state.lastFlush >= 200_000_000
        if flushes { state.lastFlush = now }
        try number(mailbox.takeOutgoing(flushingSteps: flushes), &state)
        let silent = now - state.lastHeard
        if state.isWelcome, silent < state.beatNanoseconds * UInt64(state.heartbeat.missed) {
            try sendNumbered(socket, &state)
        } else if state.isWelcome, !state.isAlone {
            state.isAlone = true
            options.logger.warning(
                "the coordinator is silent; the work goes on, and what is measured is kept")
        }
        mailbox.haveSent()
        let patience =
            state.hasMet
            ? options.coordinatorTimeoutMilliseconds : options.connectTimeoutMilliseconds
        if silent > UInt64(patience) * 1_000_000 {
            mailbox.requestEnd(
                CoordinatorLookout.silence(
                    at: options.coordinator, seconds: Int(silent / 1_000_000_000))
                    + options.security.explanation(
                        of: try socket.latestHandshakeFailure(), role: hello.role))
        }
    }

    /// Tells that the daemon lives, and from what it tells besides the coordinator sees which of its
    /// words got lost. Where there was no welcome, the hello or its answer may have.
    private func beat(_ socket: borrowing Socket, _ state: inout Conversation) throws {
        _ = try socket.send([ControlCodec.encode(.heartbeat)])
        guard state.isWelcome else { return try introduceAgain(socket, &state) }
        try askTime(socket, state)
        _ = try socket.send([ControlCodec.encode(.stands(mailbox.place))])
        guard state.sentThrough > 0 else { return }
        _ = try socket.send([ControlCodec.encode(.sent(through: state.sentThrough))])
    }

    /// Gives numbers to what the coordinator must not miss, and keeps it.
    private func number(_ messages: [ControlMessage], _ state: inout Conversation) throws {
        for message in messages {
            let sequence = state.spool.append(try ControlCodec.encode(message))
            // Who was told to stop has left the place already, and may have it again.
            if case .done(let run, let generation, _, let outcome) = message, outcome != .cancelled
            {
                state.outcome = (sequence, run, generation)
            }
        }
        guard state.spool.dropped > state.reportedDrops else { return }
        let count = state.spool.dropped - state.reportedDrops
        state.reportedDrops = state.spool.dropped
        let detail = state.spool.loss(of: count)
        options.logger.warning("\(detail)")
        let notice = ControlMessage.notice(run: mailbox.place?.run, kind: "dropped", detail: detail)
        _ = state.spool.append(try ControlCodec.encode(notice))
    }

    private func sendNumbered(_ socket: borrowing Socket, _ state: inout Conversation) throws {
        while true {
            let batch = state.spool.next(after: state.sentThrough, limit: 1 << 20)
            if batch.isEmpty { return }
            for item in batch {
                let number = withUnsafeBytes(of: item.sequence.littleEndian) { [UInt8]($0) }
                guard try socket.send([number, item.bytes]) else { return }
                state.sentThrough = item.sequence
            }
        }
    }

    private func sayGoodbye(_ socket: borrowing Socket, _ state: inout Conversation) throws {
        try number(mailbox.takeOutgoing(flushingSteps: true), &state)
        if state.isWelcome { try sendNumbered(socket, &state) }
        _ = try socket.send([ControlCodec.encode(.bye)])
    }
}

/// Whether a descriptor has nothing more to say: end of file, or an error.
func hasEnded(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    return read(descriptor, &byte, 1) <= 0
}
