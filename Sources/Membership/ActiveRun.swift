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

    /// An evaluation that not every worker has reported.
    struct OpenEvaluation {
        var parts: [Int: EvaluationPart] = [:]
        var sequences: [Int: UInt64] = [:]
    }

    /// So many new generations without a step because peers do not hear each other, and the run ends.
    static let triesInARow = 6
    /// So many of them, where nobody is to blame, with the same members.
    static let triesTogether = 3
    /// How long a daemon that was put out is not taken in again.
    static let banSeconds = 10.0
    /// How a run ends whose last member with a state is lost before it could give it to others.
    package static let stateIsLost = "every member that held a state is lost"
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
    /// Names of the members that may come back to a new coordinator.
    var expected: Set<String> = []
    /// Until when daemons that were put out are not taken in again.
    var banned: [RunBoard.NodeID: Double] = [:]
    var suspectedSince: Double?
    var firstAccused: Int?
    var injections: [Int: Double] = [:]
    /// New generations in a row that were begun because peers do not hear each other.
    var fruitless = 0
    var recovery: Recovery?
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
    private(set) var samplesPerSecond = 0.0
    /// Mean over the workers, at the latest step that all have reported.
    private(set) var loss: Double?
    /// Of the latest evaluation on the test set.
    private(set) var accuracy: Double?
    /// Faults of the experiment that were carried out, in order.
    private(set) var injected: [String] = []
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
        generation = min(resumption.generation, Self.generationLimit)
        startedGeneration = generation
    }

    init(_ orphan: RunBoard.Orphan, now: Double) {
        request = orphan.request
        steps = orphan.request.steps
        step = orphan.step
        stage = .returning(since: now)
        seats = []
        generation = min(orphan.generation, Self.generationLimit)
        startedGeneration = generation
        expected = orphan.names
        evaluated = orphan.evaluated
        hasFormed = true
        startedWorld = orphan.names.count - (orphan.request.needsServer ? 1 : 0)
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
        guard request.resumption != nil else { return assign(from: nil, now: now) }
        recovery = Recovery(
            generation: generation + 1, cause: .resumed, node: "", slot: nil, detectedAt: now,
            worldBefore: worldSize)
        return gather(reason: "resumed from checkpoints", now: now)
    }

    mutating func received(
        _ message: ControlMessage, sequence: UInt64, from id: RunBoard.NodeID, now: Double
    ) -> [RunBoard.Effect] {
        guard let seat = seats.firstIndex(where: { $0.id == id }) else { return [] }
        switch message {
        case .held(let held) where held.run == request.id: return took(held, seat, now: now)
        case .ready(let ready) where ready.run == request.id: return took(ready, seat, now: now)
        case .done(request.id, generation, _, let outcome):
            if outcome != .cancelled || stage.isStopping { seats[seat].doneSequence = sequence }
            return ended(outcome, seat, now: now)
        case .metrics(request.id, startedGeneration, let rank, let records):
            return took(records, rank, seat, now: now)
        case .evaluation(request.id, startedGeneration, let rank, let part):
            return took(part, rank, sequence)
        case .observed(request.id, startedGeneration, let rank, let observation):
            // The first rank speaks for all.
            let isSound = rank == 0 && seats[seat].rank == 0 && seats[seat].held == nil
            guard isSound, isOfRun(observation.step) else { return [] }
            return [.observed(run: request.id, observation)]
        case .checkpointed(request.id, startedGeneration, let rank, let note):
            guard rank == seats[seat].rank else { return [] }
            return [.checkpointed(run: request.id, rank: rank, note)]
        case .injected(request.id, startedGeneration, _, let fault):
            injected.append(fault)
            injections[seats[seat].slot] = now
            let name = seats[seat].hello.name
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

    // What members measured.

    private mutating func took(
        _ records: [StepRecord], _ rank: Int, _ seat: Int, now: Double
    ) -> [RunBoard.Effect] {
        let isSound = records.allSatisfy { (0..<Self.stepLimit).contains($0.step) }
        guard isSound, rank == seats[seat].rank, seats[seat].held == nil else { return [] }
        var effects = [
            RunBoard.Effect.steps(run: request.id, rank: recordedRank(seats[seat]), records)
        ]
        seats[seat].phases = Board.Phases(of: records) ?? seats[seat].phases
        guard !seats[seat].isServer else { return effects }
        for record in records where record.step >= step && isOfRun(record.step) {
            losses[record.step, default: [:]][rank] = record.loss
            if let norm = record.residual { seats[seat].residual = (norm, record.step) }
            guard let checksum = record.checksum else { continue }
            effects += compare(checksum, rank, step: record.step, now: now)
        }
        if let last = records.last?.step { seats[seat].latest = last }
        advance()
        if rank == 0 { measure(records) }
        return effects + recovered(now: now)
    }

    /// What nobody was asked for is not kept in mind; the number of steps may not be known yet.
    private func isOfRun(_ step: Int) -> Bool { steps == 0 || step < steps }

    /// The latest step that every worker has reported, and its mean loss.
    private mutating func advance() {
        let reached = workers.map { $0.latest.map { $0 + 1 } ?? 0 }.min() ?? 0
        guard reached > step else { return }
        step = reached
        if let known = losses[reached - 1], known.count == startedWorld {
            let sum = known.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
            loss = sum / Double(startedWorld)
        }
        losses = losses.filter { $0.key >= reached }
    }

    private mutating func measure(_ records: [StepRecord]) {
        let nanoseconds = records.reduce(0.0) { $0 + Double($1.total) }
        guard nanoseconds > 0 else { return }
        let samples = Double(records.count * startedWorld * request.batch)
        samplesPerSecond = samples / (nanoseconds / 1e9)
    }

    /// Replicas must agree to the bit.
    private mutating func compare(
        _ checksum: UInt64, _ rank: Int, step: Int, now: Double
    ) -> [RunBoard.Effect] {
        checksums[step, default: [:]][rank] = checksum
        guard let known = checksums[step], known.count == startedWorld else { return [] }
        checksums[step] = nil
        guard let first = known[0],
            let other = (0..<startedWorld).first(where: { known[$0] != first })
        else { return [] }
        return stop(
            .failed("rank \(other) has other parameters than rank 0 after step \(step)"), now: now)
    }

    private mutating func took(
        _ part: EvaluationPart, _ rank: Int, _ sequence: UInt64
    ) -> [RunBoard.Effect] {
        // A part that comes again after the whole is on record would wait for ever.
        guard !evaluated.contains(part.step), isOfRun(part.step - 1) else { return [] }
        evaluations[part.step, default: OpenEvaluation()].parts[rank] = part
        evaluations[part.step]?.sequences[rank] = sequence
        guard let parts = evaluations[part.step]?.parts, parts.count == startedWorld else {
            return []
        }
        evaluations[part.step] = nil
        evaluated.insert(part.step)
        let ordered = (0..<startedWorld).compactMap { parts[$0] }
        let count = ordered.reduce(0.0) { $0 + Double($1.count) }
        guard count > 0 else { return [] }
        let correct = ordered.reduce(0.0) { $0 + Double($1.correct) } / count
        accuracy = correct
        return [
            .evaluated(
                run: request.id, step: part.step, seconds: ordered.map(\.seconds).max() ?? 0,
                loss: ordered.reduce(0) { $0 + $1.lossSum } / count, accuracy: correct)
        ]
    }

    /// What a member's entry on the board says beyond its name.
    func describe(_ id: RunBoard.NodeID, in entry: inout Board.Node) {
        guard let seat = seats.first(where: { $0.id == id }) else { return }
        entry.rank = seat.rank < 0 ? nil : recordedRank(seat)
        entry.step = seat.latest.map { $0 + 1 }
        entry.phases = seat.phases
    }
}
