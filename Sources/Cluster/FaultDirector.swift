public import Experiment
import Foundation
public import Wire

/// The launcher's part in an experiment's faults: it lets killed daemons rest until their restart
/// is due, wakes paused ones, and kills the coordinator.
///
/// What a daemon does to itself (kill, pause, slow) happens exactly at its step; what is done here
/// happens as soon as the board tells of the step.
public final class FaultDirector {
    private let launcher: Launcher
    private let variants: [String: Variant]
    private let client: CoordinatorClient
    private var run: Int64?
    private var done: Set<Int> = []
    private var resting: Set<String> = []
    private var killed: Set<String> = []
    private var wakeUps: [(name: String, at: UInt64)] = []
    private var heard = 0

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
        wakeWhoIsDue()
        guard let current, let variant = variants[current.variant] else { return [] }
        if run != current.id { begin(current.id) }
        guard current.status == "running" else {
            resting = []
            return []
        }
        listen(current.injected, variant)
        var lines: [String] = []
        for (index, fault) in variant.faults.enumerated()
        where !done.contains(index) && current.step >= fault.step ?? 0 {
            guard let line = try carryOut(fault, current.id) else { continue }
            done.insert(index)
            lines.append(line)
        }
        return lines
    }

    private func begin(_ id: Int64) {
        run = id
        done = []
        resting = []
        heard = 0
    }

    /// Faults that daemons have carried out on themselves.
    private func listen(_ injected: [String], _ variant: Variant) {
        for summary in injected.dropFirst(heard) {
            guard let fault = variant.faults.first(where: { $0.summary == summary }) else {
                continue
            }
            let name = Self.name(of: fault.target)
            if fault.action == .kill { killed.insert(name) }
            switch fault.action {
            case .kill where !Self.comesBack(fault, variant): resting.insert(name)
            case .pause(let seconds):
                wakeUps.append((name, MonotonicClock.now() + UInt64(seconds * 1e9)))
            default: break
            }
        }
        heard = injected.count
    }

    /// A place that is held open is taken by the next process at once, unless the experiment says
    /// when.
    private static func comesBack(_ kill: Fault, _ variant: Variant) -> Bool {
        let isRestarted = variant.faults.contains {
            $0.target == kill.target && $0.action == .restart
        }
        guard !isRestarted else { return false }
        return kill.target == .server || variant.lossPolicy == .wait
    }

    private func carryOut(_ fault: Fault, _ run: Int64) throws -> String? {
        let name = Self.name(of: fault.target)
        switch (fault.action, fault.target) {
        case (.restart, .coordinator), (.kill, .coordinator):
            guard launcher.signal(SIGKILL, to: name) else { return nil }
            killed.insert(name)
            return "fault: \(fault.summary)"
        case (.restart, _):
            // Not before its end has been noticed.
            guard resting.remove(name) != nil, try launcher.wake(name) else { return nil }
            try client.note(run, kind: "fault", detail: fault.summary)
            return "fault: \(fault.summary)"
        default: return nil
        }
    }

    private func wakeWhoIsDue() {
        let now = MonotonicClock.now()
        for due in wakeUps where due.at <= now { _ = launcher.signal(SIGCONT, to: due.name) }
        wakeUps.removeAll { $0.at <= now }
    }

    private static func name(of target: Fault.Target) -> String {
        switch target {
        case .worker(let number): "worker-\(number)"
        case .server: "server-0"
        case .coordinator: "coordinator"
        }
    }
}
