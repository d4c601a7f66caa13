import Experiment
import Foundation
import Logging
import Wire

/// Carries out on this process what the experiment's `faults:` say about its place: at the
/// beginning of the step, so that the same file and seed lose the same work every time.
final class FaultInjector {
    private let faults: [Fault]
    private let assignment: Assignment
    private let logger: Logger
    private let mailbox: Mailbox
    private var done: Set<Int> = []

    /// A daemon that does not take faults gets none: the coordinator refuses such a run.
    init(
        _ variant: Variant, _ assignment: Assignment, options: DaemonOptions, mailbox: Mailbox
    ) {
        let isServer = assignment.rank == assignment.worldSize
        let me = isServer ? Fault.Target.server : .worker(assignment.slot)
        faults = options.takesFaults ? variant.faults.filter { $0.target == me } : []
        self.assignment = assignment
        logger = options.logger
        self.mailbox = mailbox
    }

    /// A run that goes on from checkpoints has had its faults.
    func skipAll() { skip(through: .max) }

    /// A node that comes in later has nothing to do with what befell its place before.
    func skip(through step: Int) {
        for (index, fault) in faults.enumerated() where (fault.step ?? 0) <= step {
            guard case .slow = fault.action else {
                done.insert(index)
                continue
            }
        }
    }

    /// Kills or stops this process if that is due.
    func strike(beforeStep step: Int, generation: UInt32) {
        for (index, fault) in faults.enumerated()
        where fault.step == step && !done.contains(index) {
            done.insert(index)
            switch fault.action {
            case .kill: send(SIGKILL, fault, generation)
            case .pause: send(SIGSTOP, fault, generation)
            case .restart, .slow: break
            }
        }
    }

    /// Seconds to add to a step that computed for so long.
    func delay(step: Int, computeNanoseconds: UInt64) -> UInt64 {
        for case let fault in faults where step >= fault.step ?? 0 {
            guard case .slow(let factor) = fault.action else { continue }
            return UInt64(Double(computeNanoseconds) * (factor - 1))
        }
        return 0
    }

    /// The word has to leave the process before it cannot speak any more.
    private func send(_ signal: Int32, _ fault: Fault, _ generation: UInt32) {
        logger.warning("fault: \(fault.summary)")
        mailbox.sendAndWait(
            .injected(
                run: assignment.run, generation: generation, rank: assignment.rank,
                fault: fault.summary), withinMilliseconds: 500)
        MonotonicClock.sleep(nanoseconds: 50_000_000)
        kill(getpid(), signal)
    }
}
