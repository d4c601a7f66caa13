/// What becomes of a run that loses a worker.
public enum LossPolicy: String, Codable, CaseIterable, Sendable {
    /// The run fails.
    case abort
    /// The others go on without it.
    case regroup
    /// The others stand still until its place is taken again.
    case wait
}

/// What becomes of a run that loses its server.
public enum ServerLossPolicy: String, Codable, CaseIterable, Sendable {
    /// The run fails.
    case abort
    /// The workers go on with a new server.
    case restart
}

/// How a run meets losses, keeps checkpoints, and which faults are put into it.
public struct ReliabilityOptions: Codable, Equatable, Sendable {
    /// When a worker is lost.
    public var onLoss = LossPolicy.abort
    /// When the server is lost.
    public var onServerLoss = ServerLossPolicy.abort
    /// How long a lost place is held open.
    public var rejoinSeconds = 60.0
    /// Steps between checkpoints; `nil` for none.
    public var checkpointEvery: Int?
    /// Newest checkpoints that are kept.
    public var checkpointKeep = 2
    /// In the order of the file.
    public var faults: [Fault] = []

    /// A loss ends the run; no checkpoint, no fault.
    public init() {}

    /// Whether nobody takes a step, or hears of one, until somebody has the place of who was lost.
    func standsStill(without target: Fault.Target) -> Bool {
        switch target {
        case .worker: onLoss == .wait
        case .server: onServerLoss == .restart
        case .coordinator: true
        }
    }

    /// In the order in which they happen.
    var faultsInTime: [Fault] {
        faults.enumerated().sorted {
            ($0.element.step ?? 0, $0.offset) < ($1.element.step ?? 0, $1.offset)
        }.map(\.element)
    }

    /// What differs from these defaults, for people, as in
    /// `onLoss regroup, onServerLoss restart, checkpoint every 50, 1 fault`.
    public var summary: String {
        let standard = Self()
        var parts: [String] = []
        if onLoss != standard.onLoss { parts.append("onLoss \(onLoss.rawValue)") }
        if onServerLoss != standard.onServerLoss {
            parts.append("onServerLoss \(onServerLoss.rawValue)")
        }
        if rejoinSeconds != standard.rejoinSeconds {
            parts.append("rejoin \(Units.text(seconds: rejoinSeconds))")
        }
        if let checkpointEvery {
            let kept = checkpointKeep == standard.checkpointKeep ? "" : " keep \(checkpointKeep)"
            parts.append("checkpoint every \(checkpointEvery)\(kept)")
        }
        if !faults.isEmpty {
            parts.append(faults.count == 1 ? "1 fault" : "\(faults.count) faults")
        }
        return parts.joined(separator: ", ")
    }
}

extension Variant {
    private var reliabilityOrDefault: ReliabilityOptions { reliability ?? ReliabilityOptions() }

    /// When a worker is lost.
    public var lossPolicy: LossPolicy { reliabilityOrDefault.onLoss }
    /// When the server is lost.
    public var serverLossPolicy: ServerLossPolicy { reliabilityOrDefault.onServerLoss }
    /// How long a lost place is held open.
    public var rejoinSeconds: Double { reliabilityOrDefault.rejoinSeconds }
    /// Steps between checkpoints; `nil` for none.
    public var checkpointEvery: Int? { reliabilityOrDefault.checkpointEvery }
    /// Newest checkpoints that are kept.
    public var checkpointKeep: Int { reliabilityOrDefault.checkpointKeep }
    /// Faults to put into the run, in the order of the file.
    public var faults: [Fault] { reliabilityOrDefault.faults }

    /// Whether the place of who is killed is taken by the next process at once: a server's, and where
    /// the run stands still for it; unless the experiment says itself when that one is started.
    public func isReplacedAtOnce(after kill: Fault) -> Bool {
        let later = reliabilityOrDefault.faultsInTime.drop { $0 != kill }.dropFirst()
        let next = later.first {
            $0.target == kill.target && ($0.action == .kill || $0.action == .restart)
        }
        guard next?.action != .restart else { return false }
        return kill.target == .server || reliabilityOrDefault.standsStill(without: kill.target)
    }
}
