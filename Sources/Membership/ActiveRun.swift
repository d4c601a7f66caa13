import Wire

/// The run that is going on: who takes part, what they said, whether it is over. A pure value.
///
/// Its membership goes through generations. When a member is lost or one comes back, the others are
/// gathered: they stop, tell which states they hold, and go on together from the newest one that
/// all of them have.
package struct ActiveRun {
    enum Stage {
        /// After a restart of the coordinator: who comes back?
        case returning(since: Double)
        /// Members stop and tell what they hold; lost places wait to be taken.
        case gathering(since: Double)
        /// Members make or restore their state and open their data planes.
        case preparing(since: Double)
        case running
        case stopping(RunBoard.Ending, since: Double)

        var isStopping: Bool {
            if case .stopping = self { true } else { false }
        }

        /// Whether members may be exchanging, and so find that they cannot.
        var mayHearOfTrouble: Bool {
            switch self {
            case .running, .returning: true
            case .gathering, .preparing, .stopping: false
            }
        }
    }

    /// A place that is taken.
    struct Seat {
        var id: RunBoard.NodeID
        var hello: Hello
        var slot: Int
        /// Rank in the generation that was started last.
        var rank: Int
        /// Whether it has nothing of the run's state yet.
        var isNew: Bool
        var held: Held?
        /// What it was given its place with in the generation that is prepared.
        var given: Assignment?
        var ready: Ready?
        var outcome: Outcome?
        var isHalted = false
        /// Whether it has left after its last step.
        var isGone = false
        var doneSequence: UInt64?
        var accused: Int?
        /// Newest step reported in this generation, and the residual's norm as last told.
        var latest: Int?
        var residual: (norm: Double, step: Int)?
        /// Of the newest batch of records.
        var phases: Board.Phases?

        var isServer: Bool { hello.role == "server" }

        /// Whether it has taken the last step.
        var hasCompleted: Bool {
            if case .completed? = outcome { true } else { false }
        }
    }

    /// So many new generations without a step because peers do not hear each other, and the run ends.
    static let triesInARow = 6
    /// So many of them, where nobody is to blame, with the same members.
    static let triesTogether = 3
    /// How long a daemon that was put out is not taken in again.
    static let banSeconds = 10.0
    /// How a run ends whose last member with a state is lost before it could give it to others.
    package static let stateIsLost = "every member that held a state is lost"
    /// So many generations are remembered: of older ones nobody hands in anything any more.
    static let rollsKept = 8
    /// More generations than any run has.
    static let generationLimit: UInt32 = 1 << 30
    /// More steps than any run has: what claims to be beyond is not believed.
    static let stepLimit = 1 << 40
    /// Seconds that members have to load data and make the model.
    static let preparationSeconds = 120.0
    /// Seconds that members have to stop and tell what they hold, or to come back to a new
    /// coordinator.
    static let gatheringSeconds = 30.0
    /// Seconds that members have to say how they ended, once told to stop.
    static let stoppingSeconds = 10.0

    package let request: RunBoard.Request
    /// Workers by rank, then the server.
    var seats: [Seat]
    var stage: Stage
    package var generation: UInt32 = 0
    /// Of the generation that was started last: records name it.
    var startedGeneration: UInt32 = 0
    /// Workers of that generation.
    var startedWorld: Int
    /// Whether any generation was started.
    var hasFormed = false
    /// Where the next generation takes the run up. Rows behind it are given up when that starts,
    /// and not before: a coordinator that dies meanwhile may leave the run to go on from a later state.
    var rewound: Int?
    /// Of the generations that were started last, the newest at the end.
    var rolls: [Roll] = []
    /// Names of the members that may come back to a new coordinator.
    var expected: Set<String> = []
    /// Those of them that cannot: there are processes of their names that were started since.
    var dead: Set<String> = []
    /// Keys that names of members came with who are waited for: of a run taken over until they are
    /// back or had the time to be, of a resumed one until it goes on.
    var awaitedKeys: [String: String] = [:]
    /// Until when daemons that were put out are not taken in again.
    var banned: [RunBoard.NodeID: Double] = [:]
    /// Who had a place last that was lost.
    var vacated: [Int: String] = [:]
    var suspectedSince: Double?
    var firstAccused: Int?
    var injections: [Int: Double] = [:]
    /// New generations in a row that were begun because peers do not hear each other.
    var fruitless = 0
    var recovery: Recovery?
    /// Steps begun in the generation that was started last, as its members told when they stopped.
    var begun = 0
    /// What earlier generations have lost by the change that is not got over yet.
    var lostBefore: (steps: Int, samples: Int) = (0, 0)
    /// The newest number of a change that led to no generation; such numbers are used once, too.
    var lastChange: UInt32 = 0
    var evaluations: [Int: OpenEvaluation] = [:]
    /// Steps whose evaluation is on record.
    var evaluated: Set<Int> = []
    var checksums: [Int: [Int: UInt64]] = [:]
    var losses: [Int: [Int: Double]] = [:]

    /// Steps done by the slowest worker that was heard.
    package internal(set) var step = 0
    /// Steps asked.
    package internal(set) var steps: Int
    /// Of the latest batch of records.
    package internal(set) var samplesPerSecond = 0.0
    /// Mean over the workers, at the latest step that all have reported.
    package internal(set) var loss: Double?
    /// Of the latest evaluation on the test set.
    package internal(set) var accuracy: Double?
    /// Faults of the experiment that were carried out, in order.
    private(set) var injected: [String] = []
    /// Who carried them out.
    private(set) var injectedNodes: [String] = []
    /// What people may want to know.
    var remark: String?

    init(_ request: RunBoard.Request, _ members: [(RunBoard.NodeID, Hello)], now: Double) {
        self.request = request
        steps = request.steps
        stage = .preparing(since: now)
        seats = members.enumerated().map { rank, member in
            let slot = member.1.role == "server" ? request.workers : rank
            return Seat(id: member.0, hello: member.1, slot: slot, rank: rank, isNew: false)
        }
        startedWorld = members.count { $0.1.role == "worker" }
        guard let resumption = request.resumption else { return }
        awaitedKeys = resumption.keys
        generation = min(resumption.generation, Self.generationLimit)
        startedGeneration = generation
        evaluated = resumption.evaluated
    }

    init(_ orphan: RunBoard.Orphan, now: Double) {
        request = orphan.request
        steps = orphan.request.steps
        step = orphan.step
        stage = .returning(since: now)
        remark = "waits for its members to come back"
        seats = []
        let newest = orphan.generations.last
        generation = min(newest?.number ?? 0, Self.generationLimit)
        startedGeneration = generation
        expected = Set((newest?.ranks ?? [:]).keys)
        awaitedKeys = newest?.keys ?? [:]
        evaluated = orphan.evaluated
        hasFormed = true
        startedWorld = expected.count - (request.needsServer ? 1 : 0)
        rolls = orphan.generations.suffix(Self.rollsKept).map { Roll($0, of: request) }
        for generation in orphan.generations {
            for position in rolls.indices where rolls[position].generation < generation.number {
                rolls[position].rewind(to: generation.firstStep)
            }
        }
        lastChange = min(orphan.lastChange, Self.generationLimit)
        recovery = Recovery(
            generation: nextChange, cause: .coordinatorLost, node: "coordinator", slot: nil,
            injectedAt: orphan.injectedAt, lastHeard: orphan.lastHeard, detectedAt: now,
            step: step, worldBefore: startedWorld, worldAfter: startedWorld)
    }

    var members: [RunBoard.NodeID] { seats.map(\.id) }
    var workers: [Seat] { seats.filter { !$0.isServer } }
    /// Workers that take part.
    package var worldSize: Int { workers.count }

    /// On record a server keeps the rank it has when no worker is missing, so that its rows are
    /// never taken for a worker's.
    func recordedRank(_ seat: Seat) -> Int { seat.isServer ? request.workers : seat.rank }

    /// The first words to the members: begin, or tell which checkpoints you have.
    mutating func open(now: Double) -> [RunBoard.Effect] {
        guard let resumption = request.resumption else { return assign(from: nil, now: now) }
        recovery = Recovery(
            generation: nextChange, cause: .resumed, node: "", slot: nil, detectedAt: now,
            step: resumption.reached, worldBefore: resumption.worldBefore ?? worldSize)
        return gather(reason: "resumed from checkpoints", now: now)
    }

    /// - Parameter hello: the daemon's, which may have been a member of an older generation only.
    mutating func received(
        _ message: ControlMessage, sequence: UInt64, from id: RunBoard.NodeID, _ hello: Hello,
        now: Double
    ) -> [RunBoard.Effect] {
        let seat = seats.firstIndex { $0.id == id }
        if let report = report(message, by: hello, seat) {
            return took(report, message, sequence: sequence, now: now)
        }
        guard let seat else { return [] }
        switch message {
        case .held(let held) where held.run == request.id: return took(held, seat, now: now)
        case .ready(let ready) where ready.run == request.id: return took(ready, seat, now: now)
        case .done(request.id, generation, _, let outcome):
            if outcome != .cancelled || stage.isStopping { seats[seat].doneSequence = sequence }
            return ended(outcome, seat, now: now)
        case .injected(request.id, startedGeneration, _, let fault):
            let name = seats[seat].hello.name
            injected.append(fault)
            injectedNodes.append(name)
            injections[seats[seat].slot] = now
            return [.event(run: request.id, kind: "fault", node: name, detail: fault)]
        default: return []
        }
    }

    /// The first numbered message of a node whose meaning is still only in here.
    func pendingSequence(of id: RunBoard.NodeID) -> UInt64? {
        guard let seat = seats.first(where: { $0.id == id }) else { return nil }
        let open = evaluations.values.compactMap { $0.sequences[seat.rank] }
        return (open + [seat.doneSequence].compactMap(\.self)).min()
    }

    /// Entries kept of what is not complete: bounded by the members and by how far they are apart.
    var openEntries: Int {
        evaluations.values.reduce(0) { $0 + $1.parts.count }
            + checksums.values.reduce(0) { $0 + $1.count }
            + losses.values.reduce(0) { $0 + $1.count } + banned.count
    }

    /// Tells everybody to stop; the first reason stays.
    mutating func stop(_ ending: RunBoard.Ending, now: Double) -> [RunBoard.Effect] {
        if case .stopping = stage { return [] }
        stage = .stopping(ending, since: now)
        // Who was never given anything has nothing to stop, and no answer.
        for position in seats.indices where seats[position].isNew && seats[position].given == nil {
            seats[position].outcome = .cancelled
        }
        return seats.filter { $0.outcome == nil }.map {
            .send($0.id, .cancel(run: request.id, reason: ending.reason))
        }
    }

    /// How the run ended, once every member has said so or had its time to.
    func ending(now: Double) -> RunBoard.Ending? {
        let everybody = seats.allSatisfy { $0.outcome != nil }
        switch stage {
        case .stopping(let ending, let since):
            return everybody || now - since > Self.stoppingSeconds ? ending : nil
        case .running:
            guard everybody, case .completed(let checksum)? = seats.first?.outcome else {
                return nil
            }
            return .completed(checksum: checksum)
        case .returning, .gathering, .preparing: return nil
        }
    }

    /// What a member's entry on the board says beyond its name.
    func describe(_ id: RunBoard.NodeID, in entry: inout Board.Node) {
        guard let seat = seats.first(where: { $0.id == id }) else { return }
        entry.rank = seat.rank < 0 ? nil : recordedRank(seat)
        entry.step = seat.latest.map { $0 + 1 }
        entry.phases = seat.phases
    }
}
