import Membership
import Wire

/// A simulated coordinator process: the real mind, with a disk and without sockets.
struct SimulatedCoordinator<Mind: CoordinatorMind> {
    private(set) var mind: Mind
    private let heartbeat: Heartbeat
    let request: RunBoard.Request
    var store = SimulatedStore()
    /// Counts the processes that there were; 0 before the first.
    private(set) var life = 0
    private(set) var isUp = false
    var pausedUntil = 0.0
    /// Effects that it still carries out, once its death is decided.
    var effectsLeft: Int?
    private var acknowledged: [RunBoard.NodeID: UInt64] = [:]
    private var lastCommit = 0.0

    init(_ request: RunBoard.Request, heartbeat: Heartbeat) {
        self.request = request
        self.heartbeat = heartbeat
        mind = Mind(version: "1", heartbeat: heartbeat)
    }

    /// A process starts and looks into its database.
    mutating func start(now: Double) {
        life += 1
        isUp = true
        lastCommit = now
        mind = Mind(version: "1", heartbeat: heartbeat)
        acknowledged = [:]
        effectsLeft = nil
        if let orphan = store.orphan(of: request) {
            mind.adopt(orphan, now: now)
        } else if store.ending == nil {
            // As real ones do, it draws a run's identity anew when it queues it.
            var request = request
            request.identity &+= UInt64(2 * life)
            mind.submit(request)
        }
    }

    mutating func die() {
        isUp = false
        effectsLeft = nil
        store.forgetOpen()
    }

    mutating func received(
        _ word: ControlLine.Word, from id: RunBoard.NodeID, now: Double
    ) -> [RunBoard.Effect] {
        if case .sent = word.message { acknowledged[id] = nil }
        return mind.received(word.message, sequence: word.sequence, from: id, now: now)
    }

    /// Time passes; rows are committed, and then acknowledged.
    mutating func tick(now: Double, commitSeconds: Double) -> [RunBoard.Effect] {
        let effects = mind.tick(now: now)
        guard now - lastCommit >= commitSeconds else { return effects }
        lastCommit = now
        return effects + commit()
    }

    private mutating func commit() -> [RunBoard.Effect] {
        store.commit()
        var answers: [RunBoard.Effect] = []
        for id in mind.daemons {
            guard let through = mind.settledSequence(of: id), through > acknowledged[id] ?? 0
            else { continue }
            acknowledged[id] = through
            answers.append(.send(id, .recorded(through: through)))
        }
        return answers
    }
}
