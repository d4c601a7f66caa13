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
    public func board() throws -> Board {
        guard case .board(let board) = try ask(.status) else { throw strange }
        return board
    }

    /// Cancels a queued or running run.
    public func cancel(_ run: Int64) throws { _ = try ask(.cancelRun(run)) }

    /// Ends the coordinator and its daemons.
    public func shutdown() throws { _ = try ask(.shutdown) }

    private var strange: ClusterError {
        ClusterError("\(endpoint) gave an unexpected answer; is it a peerless coordinator?")
    }

    private func ask(_ question: ControlMessage, withinMilliseconds: Int = 5_000) throws
        -> ControlMessage
    {
        let deadline = MonotonicClock.now() + UInt64(withinMilliseconds) * 1_000_000
        _ = try socket.send([ControlCodec.encode(question)])
        while MonotonicClock.now() < deadline {
            _ = try poller.wait(milliseconds: 100)
            guard let parts = try socket.receiveParts(wait: false), let bytes = parts.last else {
                continue
            }
            let answer = try ControlCodec.decode(bytes)
            if case .refused(let reason) = answer { throw ClusterError(reason) }
            return answer
        }
        throw ClusterError(
            "no coordinator answers at \(endpoint) within \(withinMilliseconds / 1000) s; "
                + "start one with: peerless coordinator --bind \(endpoint)"
                + security.explanation(
                    of: try socket.latestHandshakeFailure(), role: "command"))
    }
}
