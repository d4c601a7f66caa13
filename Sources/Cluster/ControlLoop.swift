import Foundation
import Logging
import Wire
import ZeroMQ

/// The control thread of a daemon: owns the socket to the coordinator, sends heartbeats and
/// metrics, watches the parent, so that a long gradient never looks like a dead worker.
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
                    maximumMessageBytes: Int64(ControlCodec.maximumBytes))))
        try socket.connect(options.coordinator)
        let poller = Poller()
        let control = poller.add(socket)
        _ = poller.add(descriptor: mailbox.wakeReader)
        let parent = options.endsWithParent ? poller.add(descriptor: STDIN_FILENO) : nil
        var state = Conversation(now: MonotonicClock.now())
        _ = try socket.send([ControlCodec.encode(.hello(hello))])
        while mailbox.end == nil {
            _ = try poller.wait(milliseconds: 100)
            if let parent, poller.isReady(parent), hasEnded(STDIN_FILENO) {
                mailbox.requestEnd("the parent process ended")
            }
            if poller.isReady(control) { try receive(socket, &state) }
            try keepInTouch(socket, &state)
        }
        try sayGoodbye(socket)
    }

    /// What the loop remembers between rounds, in monotonic nanoseconds.
    private struct Conversation {
        var lastHeard: UInt64
        var lastBeat: UInt64
        var lastFlush: UInt64
        var isWelcome = false

        init(now: UInt64) {
            lastHeard = now
            lastBeat = now
            lastFlush = now
        }
    }

    private func receive(_ socket: borrowing Socket, _ state: inout Conversation) throws {
        while let parts = try socket.receiveParts(wait: false) {
            guard let bytes = parts.last, let message = try? ControlCodec.decode(bytes) else {
                options.logger.warning("a message of the coordinator was not understood")
                continue
            }
            state.lastHeard = MonotonicClock.now()
            switch message {
            case .welcome: state.isWelcome = true
            case .heartbeat: break
            case .introduce: _ = try socket.send([ControlCodec.encode(.hello(hello))])
            case .refused(let reason):
                mailbox.requestEnd("the coordinator refused this \(hello.role): \(reason)")
            case .stop: mailbox.requestEnd("stopped by the coordinator")
            default: mailbox.deliver(message)
            }
        }
    }

    private func keepInTouch(_ socket: borrowing Socket, _ state: inout Conversation) throws {
        let now = MonotonicClock.now()
        let beat = UInt64(Heartbeat.milliseconds) * 1_000_000
        if now - state.lastBeat >= beat {
            state.lastBeat = now
            _ = try socket.send([ControlCodec.encode(.heartbeat)])
        }
        let flushes = now - state.lastFlush >= 200_000_000
        if flushes { state.lastFlush = now }
        for message in mailbox.takeOutgoing(flushingSteps: flushes) {
            _ = try socket.send([ControlCodec.encode(message)])
        }
        let silent = now - state.lastHeard
        let patience =
            state.isWelcome
            ? beat * UInt64(Heartbeat.coordinatorMissed)
            : UInt64(options.connectTimeoutMilliseconds) * 1_000_000
        if silent > patience {
            mailbox.requestEnd(
                "no coordinator at \(options.coordinator) for \(silent / 1_000_000_000) s; "
                    + "start one with: peerless coordinator --bind \(options.coordinator)"
                    + options.security.explanation(
                        of: try socket.latestHandshakeFailure(), role: hello.role))
        }
    }

    private func sayGoodbye(_ socket: borrowing Socket) throws {
        for message in mailbox.takeOutgoing(flushingSteps: true) {
            _ = try socket.send([ControlCodec.encode(message)])
        }
        _ = try socket.send([ControlCodec.encode(.bye)])
    }
}

/// Whether a descriptor has nothing more to say: end of file, or an error.
func hasEnded(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    return read(descriptor, &byte, 1) <= 0
}
