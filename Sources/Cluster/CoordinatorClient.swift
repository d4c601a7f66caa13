public import Wire
import ZeroMQ

/// Asks a coordinator and waits for its answer; used by one thread.
public final class CoordinatorClient {
    private let endpoint: String
    private let security: Security
    private let context: Context
    private let socket: Socket
    private let poller = Poller()

    /// Connects; the first question finds out whether anybody is there.
    ///
    /// - Parameter security: with keys, only the coordinator that they name is talked with.
    public init(endpoint: String, security: Security = .loopback) throws {
        self.endpoint = endpoint
        self.security = security
        context = try Context()
        socket = try Socket(
            .dealer, in: context,
            options: security.towardsCoordinator(
                SocketOptions(
                    lingerMilliseconds: 200, sendHighWaterMark: 100, receiveHighWaterMark: 1_000,
                    sendTimeoutMilliseconds: 1_000, receiveTimeoutMilliseconds: 0,
                    maximumMessageBytes: Int64(ControlCodec.maximumBytes))))
        try socket.connect(endpoint)
        _ = poller.add(socket)
    }

    /// Queues runs; their numbers in the store.
    public func submit(_ requests: [RunRequest]) throws -> [Int64] {
        guard case .accepted(let runs) = try ask(.submit(requests)) else { throw strange }
        return runs
    }

    /// What the coordinator knows now.
    ///
    /// - Parameter leastBytes: question and answer are filled up, to find out whether much arrives.
    public func board(withinMilliseconds: Int = 5_000, leastBytes: Int = 0) throws -> Board {
        let answer = try ask(
            .status, withinMilliseconds: withinMilliseconds, leastBytes: leastBytes)
        guard case .board(let board) = answer else { throw strange }
        return board
    }

    /// Asks for nothing but an answer, as daemons do: a stranger's heartbeat has one.
    ///
    /// - Parameter leastBytes: the question is filled up.
    func knock(leastBytes: Int = 0) throws {
        guard case .introduce = try ask(.heartbeat, leastBytes: leastBytes) else { throw strange }
    }

    /// Cancels a queued or running run.
    public func cancel(_ run: Int64) throws { _ = try ask(.cancelRun(run)) }

    /// Queues a run that ended before its last step, to go on from its checkpoints.
    public func resume(_ run: Int64) throws { _ = try ask(.resume(run: run)) }

    /// Has an event recorded with a run.
    public func note(_ run: Int64, kind: String, detail: String) throws {
        _ = try ask(.note(run: run, kind: kind, detail: detail))
    }

    /// Ends the coordinator and its daemons.
    public func shutdown() throws { _ = try ask(.shutdown) }

    private var strange: ClusterError {
        ClusterError("\(endpoint) gave an unexpected answer; is it a peerless coordinator?")
    }

    private func ask(
        _ question: ControlMessage, withinMilliseconds: Int = 5_000, leastBytes: Int = 0
    ) throws -> ControlMessage {
        let deadline = MonotonicClock.now() + UInt64(withinMilliseconds) * 1_000_000
        // An answer that came too late for its question is none to this one.
        while try socket.receiveParts(wait: false) != nil {}
        _ = try socket.send([ControlCodec.encode(question, leastBytes: leastBytes)])
        while MonotonicClock.now() < deadline {
            _ = try poller.wait(milliseconds: 100)
            guard let parts = try socket.receiveParts(wait: false), let bytes = parts.last else {
                continue
            }
            let answer = try ControlCodec.decode(bytes)
            if case .refused(let reason) = answer { throw ClusterError(reason) }
            return answer
        }
        throw CoordinatorSilence(
            at: endpoint, seconds: withinMilliseconds / 1000,
            explanation: security.explanation(
                of: try socket.latestHandshakeFailure(), role: "command"))
    }
}
