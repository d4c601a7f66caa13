import Foundation
import Logging
import Membership
import Wire
import ZeroMQ

/// A worker or server process: takes one place in a run after another until it is told to end.
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
    private let gate: Gate
    private let control: ControlLoop
    private let member: Member

    /// A daemon that has not yet looked for its coordinator.
    ///
    /// - Throws: when sockets or pipes cannot be had.
    public init(options: DaemonOptions) throws {
        self.options = options
        mailbox = try Mailbox()
        let context = try Context()
        gate = try Gate(
            options.security, in: context, logger: options.logger, logsRefusals: true)
        var hello = Hello(
            role: options.role.rawValue, name: options.name, version: PeerlessVersion.current,
            pid: Int(getpid()),
            startedNanoseconds: MonotonicClock.now(), host: HostFacts.hostName,
            bootID: HostFacts.bootID,
            network: HostFacts.network, memory: SharedMemoryMesh.domain,
            rankHint: options.rankHint)
        hello.takesFaults = options.takesFaults
        control = ControlLoop(options: options, hello: hello, mailbox: mailbox, context: context)
        member = Member(options: options, context: context, mailbox: mailbox)
    }

    /// Works until the end; blocks.
    public func run() -> End {
        let signals = SignalWatch { [mailbox] name in mailbox.requestEnd("signal \(name)") }
        defer { signals.cancel() }
        control.start()
        while mailbox.end == nil {
            guard let action = mailbox.next(withinMilliseconds: 500) else { continue }
            member.carryOut(action)
        }
        _ = control.join(withinMilliseconds: 2_000)
        return end(mailbox.end ?? "")
    }

    private func end(_ reason: String) -> End {
        let asked = ["signal", "stopped by", "the parent"]
        return asked.contains { reason.hasPrefix($0) } ? .asked(reason) : .trouble(reason)
    }
}
