import Foundation
import Logging
import Wire
import ZeroMQ

/// A worker or server process: takes one assignment after another until it is told to end.
public final class Daemon {
    /// How the daemon's life ended.
    public enum End: Equatable, Sendable {
        /// Asked to: a signal, the coordinator, the parent.
        case asked(String)
        /// Something was wrong: no coordinator, refused, a socket failed.
        case trouble(String)
    }

    private let options: DaemonOptions
    private let mailbox: Mailbox
    private let context: Context
    private let gate: Gate
    private let control: ControlLoop
    private let library = DatasetShelf()

    /// A daemon that has not yet looked for its coordinator.
    ///
    /// - Throws: when sockets or pipes cannot be had.
    public init(options: DaemonOptions) throws {
        self.options = options
        mailbox = try Mailbox()
        context = try Context()
        gate = try Gate(
            options.security, in: context, logger: options.logger, logsRefusals: true)
        let hello = Hello(
            role: options.role.rawValue, name: options.name, version: PeerlessVersion.current,
            pid: Int(getpid()), host: HostFacts.hostName, bootID: HostFacts.bootID,
            network: HostFacts.network, memory: SharedMemoryMesh.domain)
        control = ControlLoop(options: options, hello: hello, mailbox: mailbox, context: context)
    }

    /// Works until the end; blocks.
    public func run() -> End {
        let signals = SignalWatch { [mailbox] name in mailbox.requestEnd("signal \(name)") }
        defer { signals.cancel() }
        control.start()
        while mailbox.end == nil {
            guard let message = mailbox.next(withinMilliseconds: 500) else { continue }
            if case .assign(let assignment) = message { perform(assignment) }
        }
        _ = control.join(withinMilliseconds: 2_000)
        return end(mailbox.end ?? "")
    }

    private func end(_ reason: String) -> End {
        let asked = ["signal", "stopped by", "the parent"]
        return asked.contains { reason.hasPrefix($0) } ? .asked(reason) : .trouble(reason)
    }

    /// One run from assignment to outcome; whatever goes wrong becomes the outcome's words.
    private func perform(_ assignment: Assignment) {
        options.logger.info(
            "run \(assignment.run): rank \(assignment.rank) of \(assignment.worldSize)")
        let outcome: Outcome
        do {
            let place = try RunPlace(
                assignment, options: options, shelf: library, context: context, mailbox: mailbox)
            mailbox.send(.ready(place.ready))
            let endpoints = try awaitStart(of: assignment)
            try place.exchange.connect(endpoints, rank: assignment.rank)
            outcome = try place.train()
        } catch {
            outcome = failure(error, of: assignment)
        }
        mailbox.send(.done(run: assignment.run, rank: assignment.rank, outcome))
    }

    private func failure(_ error: any Error, of assignment: Assignment) -> Outcome {
        if mailbox.cancellation(of: assignment.run) != nil { return .cancelled }
        return .failed(reason: String(describing: error))
    }

    private func awaitStart(of assignment: Assignment) throws(ClusterError) -> [String] {
        let deadline = MonotonicClock.now() + 120_000_000_000
        while MonotonicClock.now() < deadline {
            if let reason = mailbox.cancellation(of: assignment.run) {
                throw ClusterError("cancelled: \(reason)")
            }
            if case .start(assignment.run, let endpoints)? = mailbox.next(withinMilliseconds: 200) {
                return endpoints
            }
        }
        throw ClusterError("run \(assignment.run) was not started within 120 s")
    }
}
