import Foundation
package import Wire

/// The coordinator's mind: which daemons there are, which runs wait, how the running one goes.
///
/// A value without sockets, database or clock: it takes messages and the time, and returns effects.
/// One run at a time, so that runs never disturb each other's measurement.
package struct RunBoard {
    struct Node {
        var hello: Hello
        var lastSeen: Double
        var run: Int64? { didSet { latestRun = run ?? latestRun } }
        /// The run that it has, or had last.
        private(set) var latestRun: Int64?
        /// What it came with that is not about this board's runs.
        var baggage: Baggage?
        /// Of the numbered messages, the last one that was taken.
        var lastSequence: UInt64
        /// How its clock stands to the coordinator's, once it has told.
        var clock: ClockReading?
        var recordedClock: RecordedClock?
        /// Time between its beats, until it shows that it has heard another one from here.
        var slowerBeatMilliseconds: Int?
    }

    let version: String
    let heartbeat: Heartbeat
    /// Identity of the coordinator's booted machine.
    package var bootID = ""
    var nodes: [NodeID: Node] = [:]
    var queue: [Request] = []
    package internal(set) var active: ActiveRun?
    private(set) var listing: [Board.Run] = []
    private var lastTick: Double?

    package init(version: String, heartbeat: Heartbeat = Heartbeat()) {
        self.version = version
        self.heartbeat = heartbeat
    }

    // Clients.

    package mutating func submit(_ request: Request) {
        queue.append(request)
        list(request)
    }

    /// Takes over a run that its members may still be working on.
    package mutating func adopt(_ orphan: Orphan, now: Double) {
        list(orphan.request)
        note(orphan.request.id) { $0.status = "running" }
        let run = ActiveRun(orphan, now: now)
        active = run
        update(run)
    }

    /// Cancels a queued or the running run; false when there is none of that number.
    package mutating func cancel(_ run: Int64, reason: String, now: Double) -> (Bool, [Effect]) {
        if let position = queue.firstIndex(where: { $0.id == run }) {
            queue.remove(at: position)
            note(run) { $0.status = "cancelled" }
            return (true, [.ended(run: run, .cancelled(reason))])
        }
        guard active?.request.id == run else { return (false, []) }
        var effects = active?.stop(.cancelled(reason), now: now) ?? []
        effects += finishIfOver(now: now)
        return (true, effects)
    }

    /// Cancels everything and tells the daemons to end.
    package mutating func shutdown(reason: String, now: Double) -> [Effect] {
        var effects: [Effect] = []
        for run in queue.map(\.id) { effects += cancel(run, reason: reason, now: now).1 }
        if let run = active?.request.id { effects += cancel(run, reason: reason, now: now).1 }
        return effects
    }

    /// Entries kept of what is not complete, for whoever watches that they stay few.
    package var openEntries: Int { nodes.count + (active?.openEntries ?? 0) }

    /// The identities of all daemons, in a fixed order.
    package var daemons: [NodeID] { nodes.keys.sorted { $0.lexicographicallyPrecedes($1) } }

    /// What clients may know.
    ///
    /// - Parameters:
    ///   - now: the wall clock, in seconds since 1970.
    ///   - moment: the clock of `received` and `tick`; `nil` leaves out how long daemons are silent.
    package func board(database: String, now: Double = 0, moment: Double? = nil) -> Board {
        let list = nodes.sorted { $0.value.hello.name < $1.value.hello.name }.map { id, node in
            var entry = Board.Node(
                name: node.hello.name, role: node.hello.role, host: node.hello.host,
                pid: node.hello.pid, run: node.run)
            entry.silentSeconds = max(0, (moment ?? node.lastSeen) - node.lastSeen)
            active?.describe(id, in: &entry)
            return entry
        }
        return Board(runs: listing, nodes: list, database: database, now: now, version: version)
    }

    // Daemons.

    /// - Parameter sequence: of a numbered message; what is out of turn is asked for again.
    package mutating func received(
        _ message: ControlMessage, sequence: UInt64? = nil, from id: NodeID, now: Double
    ) -> [Effect] {
        if case .hello(let hello) = message { return welcome(hello, id, now: now) }
        guard let node = nodes[id] else { return [.send(id, .introduce)] }
        nodes[id]?.lastSeen = now
        noteWelcome(of: id, by: message, isNumbered: sequence != nil)
        if let sequence {
            if sequence <= node.lastSequence { return [] }
            guard sequence == node.lastSequence + 1 else { return [.send(id, .introduce)] }
            nodes[id]?.lastSequence = sequence
        }
        switch message {
        case .heartbeat: return [.send(id, .heartbeat)]
        case .sent(let through): return through > node.lastSequence ? [.send(id, .introduce)] : []
        case .stands(let place): return remind(id, holding: place)
        case .clock(let sent, let reading): return took(reading, sent: sent, from: id, now: now)
        case .bye: return lose(id, why: "left", now: now)
        case .notice(let run, let kind, let detail):
            return [record(of: run, kind, detail, sequence: sequence, node)]
        default: break
        }
        if let run = message.memberRun, node.brought(sequence, of: run) { return [] }
        let effects =
            active?.received(
                message, sequence: sequence ?? 0, from: id, node.hello, now: now) ?? []
        if let active { update(active) }
        let clocks = effects.contains(where: \.isFormed) ? unrecordedClocks() : []
        return effects + clocks + finishIfOver(now: now) + fillVacancies(now: now)
    }

    /// How far a daemon's numbered messages have become effects: what the board itself still keeps
    /// in mind would be lost with it.
    package func settledSequence(of id: NodeID) -> UInt64? {
        guard let node = nodes[id], node.lastSequence > 0 else { return nil }
        guard let pending = active?.pendingSequence(of: id) else { return node.lastSequence }
        return min(node.lastSequence, max(1, pending) - 1)
    }

    /// Time passes: lost nodes, expired preparations, the next run.
    package mutating func tick(now: Double) -> [Effect] {
        forgiveOwnAbsence(now: now)
        var effects: [Effect] = []
        for (id, node) in nodes.sorted(by: { $0.value.hello.name < $1.value.hello.name })
        where now - node.lastSeen > patienceSeconds(with: node) {
            let silent = String(format: "%.1f", now - node.lastSeen)
            effects += lose(id, why: "no heartbeat for \(silent) s", now: now)
        }
        effects += active?.tick(now: now, patience: heartbeat.patienceSeconds) ?? []
        effects += finishIfOver(now: now)
        effects += fillVacancies(now: now)
        return effects + beginNext(now: now)
    }

    /// A coordinator that was stopped, or waited for its disk, has not listened: silence in that
    /// time is nobody's fault.
    private mutating func forgiveOwnAbsence(now: Double) {
        defer { lastTick = now }
        guard let lastTick, now - lastTick > heartbeat.patienceSeconds / 3 else { return }
        for id in nodes.keys { nodes[id]?.lastSeen = now }
    }

    private mutating func lose(_ id: NodeID, why: String, now: Double) -> [Effect] {
        guard let node = nodes.removeValue(forKey: id) else { return [] }
        var effects = [
            Effect.event(run: node.run, kind: "lost", node: node.hello.name, detail: why)
        ]
        effects += active?.lost(id, why: why, lastHeard: node.lastSeen, now: now) ?? []
        return effects + finishIfOver(now: now)
    }

    // Arrivals.

    private mutating func welcome(_ hello: Hello, _ id: NodeID, now: Double) -> [Effect] {
        guard hello.version == version else {
            let reason =
                "version \(hello.version), the coordinator is \(version); "
                + "use the same peerless on every machine"
            return Self.refusal(of: hello, id, reason)
        }
        guard ["worker", "server"].contains(hello.role) else {
            return Self.refusal(
                of: hello, id, "role: found \(hello.role); allowed: worker, server")
        }
        if let why = objection(to: hello, by: id) {
            return Self.refusal(of: hello, id, why)
        }
        var effects: [Effect] = []
        if let other = nodes.first(where: { $0.value.hello.name == hello.name && $0.key != id }) {
            effects += lose(other.key, why: "replaced by pid \(hello.pid)", now: now)
        }
        let known = nodes[id]
        var node =
            known ?? Node(hello: hello, lastSeen: now, lastSequence: 0)
        node.hello = hello
        node.lastSeen = now
        node.lastSequence = max(node.lastSequence, max(1, hello.oldestSequence) - 1)
        node.slowerBeatMilliseconds = hello.beatMilliseconds
        node.baggage = baggage(of: hello) ?? node.baggage
        nodes[id] = node
        effects.append(.send(id, .welcome(heartbeatMilliseconds: heartbeat.milliseconds)))
        if known == nil {
            effects.append(
                .event(
                    run: nil, kind: "joined", node: hello.name,
                    detail: "\(hello.role) on \(hello.host), pid \(hello.pid)"))
        }
        effects += seat(id, hello, now: now)
        return effects + finishIfOver(now: now) + fillVacancies(now: now)
    }

    private static func refusal(of hello: Hello, _ id: NodeID, _ reason: String) -> [Effect] {
        [.send(id, .refused(reason: reason)), .refused(node: hello.name, reason: reason)]
    }

    /// A daemon that believes to have a place either has it, or is told that it is out.
    private mutating func seat(_ id: NodeID, _ hello: Hello, now: Double) -> [Effect] {
        guard let place = hello.place else {
            return active?.noteSuccessor(of: hello.name, now: now) ?? []
        }
        if active?.claims(place, hello, by: id) == true {
            let effects = active?.attach(id, hello, place, now: now) ?? []
            nodes[id]?.run = place.run
            return effects
        }
        return [
            Self.out(id, of: place.run),
            .event(
                run: active?.isPlace(place) == true ? place.run : nil, kind: "out",
                node: hello.name, detail: "believed in generation \(place.generation)"),
        ]
    }

    /// A daemon tells the place that it holds: what it should have heard is said again.
    private func remind(_ id: NodeID, holding place: Hello.Place?) -> [Effect] {
        if let active, active.members.contains(id) {
            return active.reminders(of: id, holding: place)
        }
        return place.map { [Self.out(id, of: $0.run)] } ?? []
    }

    private static func out(_ id: NodeID, of run: Int64) -> Effect {
        .send(
            id,
            .cancel(run: run, reason: "out of run \(run): its members went on without this one"))
    }

    /// Gives free daemons to the running run, where it has room for them.
    private mutating func fillVacancies(now: Double) -> [Effect] {
        guard let run = active, run.hasVacancies else { return [] }
        // Who was put out is free again.
        let members = Set(run.members)
        for (id, node) in nodes where node.run == run.request.id && !members.contains(id) {
            nodes[id]?.run = nil
        }
        var effects: [Effect] = []
        for (id, node) in idle() where run.suits(node.hello, id, now: now) {
            guard active?.wants(role: node.hello.role) == true else { continue }
            nodes[id]?.run = run.request.id
            effects += active?.join(id, node.hello, now: now) ?? []
        }
        effects += active?.settle(now: now) ?? []
        return effects + finishIfOver(now: now)
    }

    /// Daemons without a run: by the scheduler's rank, else as people count names.
    func idle() -> [(NodeID, Node)] {
        nodes.filter { $0.value.run == nil }.sorted { left, right in
            let (a, b) = (left.value.hello, right.value.hello)
            if let first = a.rankHint, let second = b.rankHint, first != second {
                return first < second
            }
            return a.name.compare(b.name, options: .numeric) == .orderedAscending
        }.map { ($0.key, $0.value) }
    }

    // The row of runs.

    private mutating func beginNext(now: Double) -> [Effect] {
        guard active == nil, let request = queue.first else { return [] }
        guard let members = members(for: request) else { return [] }
        queue.removeFirst()
        if let refusal = refusal(of: request, members) {
            note(request.id) {
                $0.status = "failed"
                $0.note = refusal
            }
            return [.ended(run: request.id, .failed(refusal))] + beginNext(now: now)
        }
        for member in members { nodes[member]?.run = request.id }
        note(request.id) {
            $0.status = "running"
            $0.note = nil
        }
        let greetings = members.compactMap { id in nodes[id].map { (id, $0.hello) } }
        var run = ActiveRun(request, greetings, now: now)
        let effects = run.open(now: now)
        active = run
        return [.began(run: request.id)] + effects
    }

    /// Workers in rank order and a server last; `nil` while there are not enough.
    private mutating func members(for request: Request) -> [NodeID]? {
        let wanted = request.resumption?.worldSize ?? request.workers
        var free = idle()
        var chosen: [NodeID?] = Array(repeating: nil, count: wanted)
        for (rank, name) in (request.resumption?.names ?? []).prefix(wanted).enumerated() {
            let namesake = free.firstIndex {
                $0.1.hello.role == "worker" && $0.1.hello.name == name
                    && request.resumption?.isOwn($0.1.hello) ?? true
            }
            if let namesake { chosen[rank] = free.remove(at: namesake).0 }
        }
        var workers = free.filter { $0.1.hello.role == "worker" }.map(\.0)[...]
        for rank in chosen.indices where chosen[rank] == nil { chosen[rank] = workers.popFirst() }
        let server = request.needsServer ? free.first { $0.1.hello.role == "server" }?.0 : nil
        let missing = chosen.count { $0 == nil }
        guard missing == 0, server != nil || !request.needsServer else {
            var wanted = missing > 0 ? ["\(missing) more worker\(missing == 1 ? "" : "s")"] : []
            if request.needsServer && server == nil { wanted.append("1 server") }
            note(request.id) { $0.note = "waits for \(wanted.joined(separator: " and "))" }
            return nil
        }
        return chosen.compactMap(\.self) + (server.map { [$0] } ?? [])
    }

    private func refusal(of request: Request, _ members: [NodeID]) -> String? {
        let greetings = members.compactMap { nodes[$0]?.hello }
        if request.hasFaults {
            let unwilling = greetings.filter { !$0.takesFaults }.map(\.name)
            if !unwilling.isEmpty {
                return "faults: found \(unwilling.joined(separator: ", ")) started without "
                    + "--faults; allowed: daemons that experiments may kill, pause or slow"
            }
        }
        // The emulated link stamps frames with the machine's monotonic clock.
        guard request.emulatesLink, Set(greetings.map(\.bootID)).count > 1 else { return nil }
        let hosts = Set(greetings.map(\.host)).sorted().joined(separator: ", ")
        return "link: found nodes on several machines (\(hosts)); allowed: an emulated link among "
            + "nodes of one machine; leave link out to measure the real one"
    }

    private mutating func finishIfOver(now: Double) -> [Effect] {
        guard let run = active, let ending = run.ending(now: now) else { return [] }
        update(run)
        active = nil
        for (id, node) in nodes where node.run == run.request.id { nodes[id]?.run = nil }
        note(run.request.id) {
            switch ending {
            case .completed: $0.status = "completed"
            case .failed(let reason):
                $0.status = "failed"
                $0.note = reason
            case .cancelled(let reason):
                $0.status = "cancelled"
                $0.note = reason
            }
        }
        let releases = run.members.map { Effect.send($0, .release(run: run.request.id)) }
        return run.openRecovery(at: ending, now: now)
            + [.ended(run: run.request.id, ending)] + releases + beginNext(now: now)
    }

    private mutating func list(_ request: Request) {
        var row = Board.Run(
            id: request.id, experiment: request.experiment, variant: request.variant,
            seed: request.seed)
        row.steps = request.steps
        listing.append(row)
    }

    private mutating func update(_ run: ActiveRun) {
        note(run.request.id) {
            $0.step = run.step
            $0.steps = run.steps
            $0.samplesPerSecond = run.samplesPerSecond
            $0.loss = run.loss
            $0.accuracy = run.accuracy
            $0.generation = run.generation
            $0.workers = run.worldSize
            $0.injected = run.injected
            $0.injectedNodes = run.injectedNodes
            $0.note = run.remark
        }
    }

    private mutating func note(_ run: Int64, _ change: (inout Board.Run) -> Void) {
        guard let position = listing.lastIndex(where: { $0.id == run }) else { return }
        change(&listing[position])
    }
}
