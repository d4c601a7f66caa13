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

    /// Kills or stops this process if that is due, or says that it is slow from now on.
    func strike(beforeStep step: Int, generation: UInt32) {
        for (index, fault) in faults.enumerated()
        where Self.isDue(fault, step) && !done.contains(index) {
            done.insert(index)
            switch fault.action {
            case .kill:
                tell(fault, generation)
                kill(getpid(), SIGKILL)
            case .pause(let seconds): pause(fault, seconds, generation)
            case .slow:
                logger.warning("fault: \(fault.summary)")
                mailbox.send(injected(fault, generation))
            case .restart: break
            }
        }
    }

    private static func isDue(_ fault: Fault, _ step: Int) -> Bool {
        if case .slow = fault.action { step >= fault.step ?? 0 } else { fault.step == step }
    }

    /// Time to add to a step that computed for so long: of several, the newest factor holds.
    func delay(step: Int, computeNanoseconds: UInt64) -> UInt64 {
        let factor = Fault.slowness(of: faults, atStep: step)
        return UInt64(Double(computeNanoseconds) * (factor - 1))
    }

    private func pause(_ fault: Fault, _ seconds: Double, _ generation: UInt32) {
        tell(fault, generation)
        do {
            try Standstill.hold(seconds: seconds)
        } catch {
            let detail = "\(fault.summary): \(error)"
            logger.error("\(detail)")
            mailbox.send(.notice(run: assignment.run, kind: "no fault", detail: detail))
        }
    }

    /// The word has to leave the process before it cannot speak any more.
    private func tell(_ fault: Fault, _ generation: UInt32) {
        logger.warning("fault: \(fault.summary)")
        mailbox.sendAndWait(injected(fault, generation), withinMilliseconds: 500)
        MonotonicClock.sleep(nanoseconds: 50_000_000)
    }

    private func injected(_ fault: Fault, _ generation: UInt32) -> ControlMessage {
        .injected(
            run: assignment.run, generation: generation, rank: assignment.rank,
            fault: fault.summary)
    }
}
