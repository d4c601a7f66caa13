import Foundation
import Wire

/// How the membership changes: losses, arrivals, and the way from one generation to the next.
extension ActiveRun {
    // Losses.

    mutating func lost(
        _ id: RunBoard.NodeID, why: String, lastHeard: Double?, now: Double
    ) -> [RunBoard.Effect] {
        guard let position = seats.firstIndex(where: { $0.id == id }) else { return [] }
        if case .stopping = stage {
            if seats[position].outcome == nil { seats[position].outcome = .cancelled }
            return []
        }
        // Whoever has not come back yet must not find that the others went on meanwhile.
        if case .returning = stage {
            seats.remove(at: position)
            return []
        }
        let seat = seats[position]
        if case .running = stage, seat.hasCompleted {
            seats[position].isGone = true
            return []
        }
        let words = "rank \(seat.rank) (\(seat.hello.name)) is lost: \(why)"
        measureLoss(of: seat, lastHeard: lastHeard, now: now)
        guard mayGoOn(without: seat) else {
            if seat.outcome == nil { seats[position].outcome = .cancelled }
            return stop(.failed(words), now: now)
        }
        seats.remove(at: position)
        vacated[seat.slot] = seat.hello.name
        guard workers.contains(where: { !$0.isNew || !hasFormed }) else {
            return stop(.failed("every worker is lost; the last: \(words)"), now: now)
        }
        return gather(reason: words, now: now)
    }

    func mayGoOn(without seat: Seat) -> Bool {
        seat.isServer ? request.policy.restartsServer : request.policy.onLoss != .abort
    }

    // Arrivals.

    /// Places that a free daemon could take.
    var hasVacancies: Bool {
        switch stage {
        case .gathering: true
        case .running: request.policy.onLoss == .regroup && worldSize < request.workers
        case .returning, .preparing, .stopping: false
        }
    }

    func wants(role: String) -> Bool {
        guard hasVacancies else { return false }
        if role == "server" { return request.needsServer && !seats.contains(where: \.isServer) }
        return request.policy.onLoss != .abort && worldSize < request.workers
    }

    /// Whether a daemon fits in: not one that was put out a short while ago, nor, with an emulated
    /// link, one of another machine.
    func suits(_ hello: Hello, _ id: RunBoard.NodeID, now: Double) -> Bool {
        if let until = banned[id], now < until { return false }
        guard request.emulatesLink, let first = seats.first?.hello else { return true }
        return first.bootID == hello.bootID
    }

    /// Takes a free daemon in; a running generation stops for it.
    mutating func join(
        _ id: RunBoard.NodeID, _ hello: Hello, now: Double
    ) -> [RunBoard.Effect] {
        guard let slot = vacantSlot(for: hello) else { return [] }
        let before = worldSize
        seats.append(Seat(id: id, hello: hello, slot: slot, rank: -1, isNew: true))
        let event = RunBoard.Effect.event(
            run: request.id, kind: "joins", node: hello.name, detail: "takes place \(slot)")
        guard case .running = stage else { return [event] }
        // Who comes in before a loss is got over is a part of that.
        recovery =
            recovery
            ?? Recovery(
                generation: nextChange, cause: .workerJoined, node: hello.name, slot: slot,
                detectedAt: now, worldBefore: before)
        return [event] + gather(reason: "\(hello.name) joins", now: now)
    }

    /// Who has the name of one that was lost gets that one's place, if it is still free.
    private func vacantSlot(for hello: Hello) -> Int? {
        if hello.role == "server" { return request.workers }
        let taken = Set(workers.map(\.slot))
        let free = (0..<request.workers).filter { !taken.contains($0) }
        return free.first { vacated[$0] == hello.name } ?? free.first
    }

    // After a restart of the coordinator.

    /// Whether a daemon has the place that it believes to have.
    func claims(_ place: Hello.Place, _ hello: Hello, by id: RunBoard.NodeID) -> Bool {
        guard place.run == request.id else { return false }
        if seats.contains(where: { $0.id == id }) { return true }
        guard case .returning = stage, isPlace(place), expected.contains(hello.name) else {
            return false
        }
        // Some may have heard of a newer one than the generation that is on record.
        let known = startedGeneration...startedGeneration + 1_000
        return known.contains(place.generation)
    }

    /// Whether a place is one in this run, not in another database's of the same number.
    func isPlace(_ place: Hello.Place) -> Bool {
        place.run == request.id && place.identity == request.identity
    }

    mutating func attach(
        _ id: RunBoard.NodeID, _ hello: Hello, _ place: Hello.Place, now: Double
    ) -> [RunBoard.Effect] {
        guard case .returning = stage, !seats.contains(where: { $0.id == id }) else { return [] }
        var seat = Seat(
            id: id, hello: hello, slot: place.slot, rank: place.rank, isNew: false)
        seat.isHalted = place.isHalted
        seat.latest = step > 0 ? step - 1 : nil
        seats.append(seat)
        seats.sort { ($0.isServer ? 1 : 0, $0.rank) < ($1.isServer ? 1 : 0, $1.rank) }
        generation = max(generation, place.generation)
        return seats.count + dead.count == expected.count ? resume(now: now) : []
    }

    /// A process of a member's name holds no place: the member is not waited for any longer.
    mutating func noteSuccessor(of name: String, now: Double) -> [RunBoard.Effect] {
        guard case .returning = stage, expected.contains(name),
            !seats.contains(where: { $0.hello.name == name })
        else { return [] }
        dead.insert(name)
        return seats.count + dead.count == expected.count ? resume(now: now) : []
    }

    /// Everybody is back, or had the time to be.
    mutating func resume(now: Double) -> [RunBoard.Effect] {
        let missing = expected.subtracting(seats.map(\.hello.name)).sorted()
        let event = RunBoard.Effect.event(
            run: request.id, kind: "taken over", node: nil,
            detail: "\(seats.count) of \(expected.count) members came back"
                + (missing.isEmpty ? "" : "; lost: \(missing.joined(separator: ", "))"))
        remark = nil
        awaitedKeys = [:]
        for name in missing { recovery?.node += ", \(name)" }
        guard seats.count == expected.count else {
            guard worldSize > 0 else {
                return [event]
                    + stop(
                        .failed("the coordinator ended, and no worker came back to the next one"),
                        now: now)
            }
            let serverIsGone = request.needsServer && !seats.contains(where: \.isServer)
            let mayGoOn =
                (!serverIsGone || request.policy.restartsServer)
                && (request.policy.onLoss != .abort
                    || expected.count - seats.count == 1 && serverIsGone)
            guard mayGoOn else {
                return [event]
                    + stop(.failed("members were lost while the coordinator was away"), now: now)
            }
            return [event] + gather(reason: "members were lost with the coordinator", now: now)
        }
        guard !seats.contains(where: \.isHalted) else {
            return [event] + gather(reason: "the coordinator ended while members stood", now: now)
        }
        stage = .running
        lastChange = recovery?.generation ?? lastChange
        return [event]
    }

    // From one generation to the next.

    /// Asks everybody to stop and tell what they hold.
    mutating func gather(reason: String, now: Double) -> [RunBoard.Effect] {
        generation = nextChange
        stage = .gathering(since: now)
        seats.removeAll(where: \.isGone)
        suspectedSince = nil
        firstAccused = nil
        remark = reason
        for position in seats.indices {
            seats[position].held = nil
            seats[position].given = nil
            seats[position].ready = nil
            seats[position].outcome = nil
            seats[position].doneSequence = nil
            seats[position].accused = nil
        }
        return seats.filter { !$0.isNew }.map(call) + settle(now: now)
    }

    /// Asks a member to stop and tell what it holds.
    func call(_ seat: Seat) -> RunBoard.Effect {
        let place = assignment(of: seat, rank: seat.rank, among: startedWorld, nil)
        return .send(seat.id, .gather(place, reason: remark ?? "the membership changes"))
    }

    mutating func took(_ held: Held, _ seat: Int, now: Double) -> [RunBoard.Effect] {
        guard case .gathering = stage, held.generation == generation else { return [] }
        seats[seat].held = held
        return settle(now: now)
    }

    /// Goes on, once everybody has told and every place that must be taken is.
    mutating func settle(now: Double) -> [RunBoard.Effect] {
        guard case .gathering = stage else { return [] }
        guard seats.allSatisfy({ $0.isNew || $0.held != nil }), worldSize > 0 else { return [] }
        guard !request.needsServer || seats.contains(where: \.isServer) else { return [] }
        let wanted = request.resumption?.worldSize ?? request.workers
        guard request.policy.onLoss != .wait || worldSize >= wanted else { return [] }
        markEmptyHanded()
        let old = seats.filter { !$0.isNew }
        if step == 0, !isResuming, !old.contains(where: { !$0.isServer }) {
            return beginAgain(now: now)
        }
        guard old.contains(where: { !$0.isServer }) else {
            return stop(.failed(Self.stateIsLost), now: now)
        }
        guard let state = commonState(of: old) else {
            return stop(.failed(withoutCommonState()), now: now)
        }
        return rewind(to: state, old, now: now)
    }

    /// Nobody has taken a step, or none is on record: the beginning needs no state.
    private mutating func beginAgain(now: Double) -> [RunBoard.Effect] {
        var change = recovery
        change?.generation = generation
        change?.worldAfter = worldSize
        recovery = change
        remark = nil
        rewound = hasFormed ? 0 : nil
        return assign(from: nil, now: now)
    }

    /// The newest state that all workers hold with equal parameters, and the server too, if it
    /// holds any.
    private func commonState(of old: [Seat]) -> HeldState? {
        let workers = old.filter { !$0.isServer }.map { $0.held?.states ?? [] }
        guard let first = workers.first else { return nil }
        let common = first.filter { state in
            (0..<Self.stepLimit).contains(state.step)
                && workers.allSatisfy { $0.contains { $0 == state } }
        }.sorted { $0.step > $1.step }
        let server = old.first(where: \.isServer)?.held?.states.map(\.step) ?? []
        return common.first { server.contains($0.step) } ?? common.first
    }

    /// A member that was lost from sight before it was given anything is as new as before. Checkpoints
    /// are another matter: a rank without them would go on without its residual.
    private mutating func markEmptyHanded() {
        guard !isResuming else { return }
        for position in seats.indices where seats[position].held?.states.isEmpty == true {
            seats[position].isNew = true
        }
    }

    var isResuming: Bool {
        guard let resumption = request.resumption else { return false }
        return !hasFormed && startedGeneration == resumption.generation
    }

    private mutating func rewind(
        to state: HeldState, _ old: [Seat], now: Double
    ) -> [RunBoard.Effect] {
        countLost(old, after: state)
        var change = recovery
        change?.generation = generation
        change?.step = state.step
        change?.worldAfter = worldSize
        recovery = change
        step = state.step
        rewound = state.step
        remark = nil
        return assign(from: state, now: now)
    }

    /// Ranks in the order of the slots, the server last.
    mutating func assign(from state: HeldState?, now: Double) -> [RunBoard.Effect] {
        stage = .preparing(since: now)
        seats.sort { $0.slot < $1.slot }
        let seed = seats.firstIndex { !$0.isNew && !$0.isServer }
        let isSeeded = seats.contains { $0.isNew && !$0.isServer }
        for (rank, seat) in seats.enumerated() {
            let origin = state.map {
                Assignment.Origin(
                    state: $0, seededBy: isSeeded ? seed : nil, isNew: seat.isNew,
                    lacksEvaluation: !evaluated.contains($0.step),
                    isResumed: request.isResumed)
            }
            seats[rank].given = assignment(of: seat, rank: rank, among: worldSize, origin)
        }
        return seats.compactMap { seat in seat.given.map { .send(seat.id, .assign($0)) } }
    }

    private func assignment(
        of seat: Seat, rank: Int, among worldSize: Int, _ origin: Assignment.Origin?
    ) -> Assignment {
        Assignment(
            run: request.id, uuid: request.uuid, identity: request.identity,
            generation: generation, rank: rank, slot: seat.slot, worldSize: worldSize,
            seed: request.seed, oneHost: shareHost, sharesMemory: shareMemory,
            config: request.config, origin: origin)
    }

    /// Containers and network namespaces of one machine have unix sockets of their own.
    private var shareHost: Bool {
        Set(seats.map { [$0.hello.host, $0.hello.bootID, $0.hello.network] }).count == 1
    }

    /// Memory is found through process numbers, and only among processes of one user. Whoever puts
    /// daemons into network namespaces of their own has a network between them in mind.
    private var shareMemory: Bool {
        let domains = Set(seats.map { [$0.hello.bootID, $0.hello.network, $0.hello.memory] })
        return domains.count == 1 && domains.first?.last?.isEmpty == false
    }

    mutating func took(_ message: Ready, _ seat: Int, now: Double) -> [RunBoard.Effect] {
        guard case .preparing = stage, message.generation == generation,
            message.identity == request.identity
        else { return [] }
        seats[seat].ready = message
        guard let first = seats[0].ready, seats.allSatisfy({ $0.ready != nil }) else { return [] }
        for (rank, other) in seats.compactMap(\.ready).enumerated()
        where other.dataChecksum != first.dataChecksum || other.parameters != first.parameters {
            return stop(
                .failed("rank \(rank) has other data or another model than rank 0"), now: now)
        }
        stage = .running
        awaitedKeys = [:]
        hasFormed = true
        startedGeneration = generation
        startedWorld = worldSize
        beginCounting()
        steps = first.steps
        for rank in seats.indices {
            seats[rank].rank = rank
            seats[rank].isNew = false
            seats[rank].isHalted = false
            seats[rank].latest = step > 0 ? step - 1 : nil
            seats[rank].held = nil
        }
        let givenUp = rewound.map { [RunBoard.Effect.rewound(run: request.id, step: $0)] } ?? []
        if let rewound { forget(from: rewound) }
        enroll()
        let members = seats.map { RunBoard.Member(rank: recordedRank($0), hello: $0.hello) }
        return givenUp + [
            .prepared(run: request.id, parameters: first.parameters),
            .formed(
                run: request.id, identity: request.identity, generation: generation,
                firstStep: step, members),
        ]
            + seats.map { .send($0.id, start) }
    }

    /// The word that sets members off, once all of them are ready.
    var start: ControlMessage {
        .start(
            run: request.id, generation: generation,
            endpoints: seats.compactMap { $0.ready?.endpoint })
    }
}
