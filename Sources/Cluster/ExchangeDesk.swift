import Collectives
import Dispatch
import Synchronization

/// Where the training thread and the exchange thread meet: commands one way, progress the other.
final class ExchangeDesk: Sendable {
    /// What the exchange thread is asked to do.
    enum Command: Sendable {
        case connect([String], rank: Int)
        case operate(CollectiveOperation, Handover)
    }

    /// A transfer's memory by its addresses. Whoever hands it over leaves it alone until the command
    /// is done; the desk's lock orders the accesses.
    struct Handover: Sendable {
        private let words: UInt
        private let residual: UInt
        private let count: Int
        private let format: WireFormat

        init(_ transfer: Transfer) {
            words = UInt(bitPattern: transfer.words.baseAddress)
            residual = UInt(bitPattern: transfer.residual?.baseAddress)
            count = transfer.words.count
            format = transfer.format
        }

        /// The transfer, on the other side.
        var transfer: Transfer {
            let held = UnsafeMutablePointer<Float>(bitPattern: residual)
            return Transfer(
                UnsafeMutableBufferPointer(start: .init(bitPattern: words), count: count),
                as: format,
                residual: held.map { UnsafeMutableBufferPointer(start: $0, count: count) })
        }
    }

    private struct State {
        var commands: [Command] = []
        var asked = 0
        var done = 0
        var endpoint: String?
        var meter = ByteMeter()
        var failure: CollectiveError?
        var isStopping = false
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let asked = DispatchSemaphore(value: 0)
    private let progress = DispatchSemaphore(value: 0)

    // The training thread's side.

    /// Where peers reach the node, once the sockets are open.
    var endpoint: String { state.withLock { $0.endpoint ?? "" } }
    /// Traffic of what is done.
    var meter: ByteMeter { state.withLock { $0.meter } }

    /// Queues a command.
    func ask(_ command: Command) {
        state.withLock {
            $0.commands.append(command)
            $0.asked += 1
        }
        asked.signal()
    }

    /// Waits until the sockets are open and everything asked is done; every command ends by the
    /// exchange thread's own deadlines.
    ///
    /// - Throws: the first failure.
    func awaitAll() throws(CollectiveError) {
        while !state.withLock({ $0.hasEnded || ($0.endpoint != nil && $0.done == $0.asked) }) {
            _ = progress.wait(timeout: .now() + .milliseconds(50))
        }
        let failure = state.withLock { state in
            state.failure ?? (state.done == state.asked ? nil : .transport("no exchange thread"))
        }
        if let failure { throw failure }
    }

    /// Asks the thread to end and waits for it; what it still waits for is given up. Every wait of
    /// the thread looks for that in slices of 50 ms, so this one needs no deadline of its own, and
    /// could not keep one: the thread works on the caller's memory.
    func close() {
        state.withLock { $0.isStopping = true }
        asked.signal()
        while !state.withLock({ $0.hasEnded }) {
            _ = progress.wait(timeout: .now() + .milliseconds(50))
        }
    }

    // The exchange thread's side.

    /// Whether the thread is to end.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// The sockets are open.
    func opened(_ endpoint: String) {
        state.withLock { $0.endpoint = endpoint }
        progress.signal()
    }

    /// The next command, or `nil` when the thread is to end.
    func next() -> Command? {
        while !isStopping {
            guard asked.wait(timeout: .now() + .milliseconds(500)) == .success else { continue }
            let command = state.withLock {
                $0.commands.isEmpty || $0.isStopping ? nil : $0.commands.removeFirst()
            }
            if let command { return command }
        }
        return nil
    }

    /// The operation that follows, if it has been asked for.
    var following: (CollectiveOperation, Transfer)? {
        guard case .operate(let operation, let handover)? = state.withLock({ $0.commands.first })
        else { return nil }
        return (operation, handover.transfer)
    }

    /// Whether an earlier command failed, so that later ones are not begun.
    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    /// A command is done, well or not.
    func finished(_ meter: ByteMeter, _ failure: CollectiveError?) {
        state.withLock {
            $0.done += 1
            $0.meter = meter
            $0.failure = $0.failure ?? failure
        }
        progress.signal()
    }

    /// The thread has ended, for a reason where it ought not to have.
    func ended(_ failure: CollectiveError?) {
        state.withLock {
            $0.failure = $0.failure ?? failure
            $0.hasEnded = true
        }
        progress.signal()
    }
}
