public import Experiment
import Foundation
public import Wire

/// The launcher's part in an experiment's faults: it lets killed daemons rest until their restart
/// is due, and kills the coordinator, which is started again at once.
///
/// What a daemon does to itself (kill, pause and wake, slow) happens exactly at its step; what is done here
/// happens as soon as the board tells of the step.
public final class FaultDirector {
    private let launcher: Launcher
    private let variants: [String: Variant]
    private let client: CoordinatorClient
    private var run: Int64?
    private var done: Set<Int> = []
    private var resting: Set<String> = []
    private var killed: Set<String> = []
    /// Whose end was a target's: a place is not always that of the daemon with its number.
    private var victims: [Fault.Target: String] = [:]
    private var heard = 0
    private var untold: [(run: Int64, fault: Fault)] = []

    /// For the variants that are run.
    public init(_ variants: [Variant], launcher: Launcher, client: CoordinatorClient) {
        self.launcher = launcher
        self.client = client
        self.variants = Dictionary(
            variants.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether any variant has faults.
    public var isNeeded: Bool { variants.values.contains { !$0.faults.isEmpty } }

    /// Whether a daemon that has ended is to stay so for now.
    public func rests(_ name: String) -> Bool { resting.contains(name) }

    /// Whether the experiment has killed a daemon of that name.
    public func hasKilled(_ name: String) -> Bool { killed.contains(name) }

    /// Looks at the running run and does what is due; lines for people.
    public func follow(_ current: Board.Run?) throws -> [String] {
        guard let current, let variant = variants[current.variant] else { return [] }
        if run != current.id { begin(current.id) }
        guard current.status == "running" else {
            resting = []
            return []
        }
        untold.removeAll { tell($0.fault, $0.run) }
        listen(current, variant)
        var lines: [String] = []
        for (index, fault) in variant.faults.enumerated()
        where !done.contains(index) && current.step >= fault.step ?? 0 {
            guard try carryOut(fault, current.id) else { continue }
            done.insert(index)
            lines.append("fault: \(fault.summary)")
            // Nobody answers until there is another one.
            if fault.action == .kill { break }
        }
        return lines
    }

    private func begin(_ id: Int64) {
        run = id
        done = []
        resting = []
        victims = [:]
        heard = 0
    }

    /// Faults that daemons have carried out on themselves.
    private func listen(_ current: Board.Run, _ variant: Variant) {
        let injected = Array(zip(current.injected, current.injectedNodes))
        // Another coordinator begins to count anew.
        if injected.count < heard { heard = 0 }
        for (summary, name) in injected.dropFirst(heard) {
            guard let fault = variant.faults.first(where: { $0.summary == summary }),
                fault.action == .kill
            else { continue }
            victims[fault.target] = name
            killed.insert(name)
            if !variant.isReplacedAtOnce(after: fault) { resting.insert(name) }
        }
        heard = injected.count
    }

    /// Whether it is done now. It is on record before the coordinator can be gone.
    private func carryOut(_ fault: Fault, _ run: Int64) throws -> Bool {
        switch (fault.action, fault.target) {
        case (.kill, .coordinator):
            let name = Self.coordinator
            guard launcher.signal(0, to: name), tell(fault, run) else { return false }
            killed.insert(name)
            heard = 0
            _ = launcher.signal(SIGKILL, to: name)
            awaitEnd(of: name)
            return true
        // It answers: so it was started.
        case (.restart, .coordinator): return tell(fault, run)
        case (.restart, _):
            // Not before its end has been noticed.
            guard let name = victims[fault.target], resting.contains(name),
                try launcher.wake(name)
            else { return false }
            resting.remove(name)
            if !tell(fault, run) { untold.append((run, fault)) }
            return true
        default: return false
        }
    }

    /// Who asks a coordinator that is about to be gone waits for an answer in vain.
    private func awaitEnd(of name: String) {
        for _ in 0..<200 where launcher.signal(0, to: name) {
            MonotonicClock.sleep(nanoseconds: 5_000_000)
        }
    }

    /// Has a fault recorded; false when there is no coordinator at the moment.
    private func tell(_ fault: Fault, _ run: Int64) -> Bool {
        (try? client.note(run, kind: "fault", detail: fault.summary)) != nil
    }

    private static let coordinator = "coordinator"
}
