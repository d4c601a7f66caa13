import Foundation
package import Wire

/// The coordinator's mind: which daemons there are, which runs wait, how the running one goes.
///
/// A value without sockets, database or clock: it takes messages and the time, and returns effects.
/// One run at a time, so that runs never disturb each other's measurement.
package struct RunBoard {
    /// What the coordinator does in answer to an event.
    package enum Effect: Equatable {
        case send(NodeID, ControlMessage)
        case began(run: Int64)
        case prepared(run: Int64, parameters: Int)
        case member(run: Int64, rank: Int, Hello)
        case steps(run: Int64, rank: Int, [StepRecord])
        case evaluated(run: Int64, step: Int, seconds: Double, loss: Double, accuracy: Double)
        case ended(run: Int64, Ending)
        case event(run: Int64?, kind: String, node: String?, detail: String)
    }

    /// How a run ended as a whole.
    package enum Ending: Equatable {
        case completed(checksum: UInt64)
        case failed(String)
        case cancelled(String)
    }

    /// A socket identity.
    package typealias NodeID = [UInt8]

    /// What the board needs to know of a queued run.
    package struct Request: Equatable {
        package var id: Int64
        package var experiment: String
        package var variant: String
        package var seed: UInt64
        package var workers: Int
        package var batch: Int
        package var needsServer: Bool
        package var emulatesLink: Bool
        package var config: String
        package var identity: UInt64

        package init(
            id: Int64, experiment: String, variant: String, seed: UInt64, workers: Int, batch: Int,
            needsServer: Bool, emulatesLink: Bool, config: String, identity: UInt64
        ) {
            self.id = id
            self.experiment = experiment
            self.variant = variant
            self.seed = seed
            self.workers = workers
            self.batch = batch
            self.needsServer = needsServer
            self.emulatesLink = emulatesLink
            self.config = config
            self.identity = identity
        }
    }

    struct Node {
        var hello: Hello
        var lastSeen: Double
        var run: Int64?
    }

    let version: String
    private(set) var nodes: [NodeID: Node] = [:]
    private(set) var queue: [Request] = []
    private(set) var active: ActiveRun?
    private(set) var listing: [Board.Run] = []

    package init(version: String) {
        self.version = version
    }

    // Clients.

    package mutating func submit(_ request: Request) {
        queue.append(request)
        listing.append(
            Board.Run(
                id: request.id, experiment: request.experiment, variant: request.variant,
                seed: request.seed))
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

    package func board(database: String) -> Board {
        let list = nodes.values.sorted { $0.hello.name < $1.hello.name }.map {
            Board.Node(
                name: $0.hello.name, role: $0.hello.role, host: $0.hello.host, pid: $0.hello.pid,
                run: $0.run)
        }
        return Board(runs: listing, nodes: list, database: database)
    }

    // Daemons.

    package mutating func received(_ message: ControlMessage, from id: NodeID, now: Double)
        -> [Effect]
    {
        if case .hello(let hello) = message { return welcome(hello, id, now: now) }
        guard nodes[id] != nil else { return [.send(id, .introduce)] }
        nodes[id]?.lastSeen = now
        switch message {
        case .heartbeat: return [.send(id, .heartbeat)]
        case .bye: return lose(id, why: "left", now: now)
        default: break
        }
        let effects = active?.received(message, from: id, now: now) ?? []
        if let active { update(active) }
        return effects + finishIfOver(now: now)
    }

    /// Time passes: lost nodes, expired preparations, the next run.
    package mutating func tick(now: Double) -> [Effect] {
        var effects: [Effect] = []
        let patience = Double(Heartbeat.milliseconds * Heartbeat.missed) / 1000
        for (id, node) in nodes.sorted(by: { $0.value.hello.name < $1.value.hello.name })
        where now - node.lastSeen > patience {
            let silent = String(format: "%.1f", now - node.lastSeen)
            effects += lose(id, why: "no heartbeat for \(silent) s", now: now)
        }
        effects += active?.expired(now: now) ?? []
        effects += finishIfOver(now: now)
        return effects + beginNext(now: now)
    }

    private mutating func welcome(_ hello: Hello, _ id: NodeID, now: Double) -> [Effect] {
        guard hello.version == version else {
            let reason =
                "version \(hello.version), the coordinator is \(version); "
                + "use the same peerless on every machine"
            return [
                .send(id, .refused(reason: reason)),
                .event(run: nil, kind: "refused", node: hello.name, detail: reason),
            ]
        }
        if nodes.contains(where: { $0.value.hello.name == hello.name && $0.key != id }) {
            let reason = "the name \(hello.name) is taken; choose another with --name"
            return [.send(id, .refused(reason: reason))]
        }
        let isNew = nodes[id] == nil
        nodes[id] = Node(hello: hello, lastSeen: now, run: nodes[id]?.run)
        let welcome = Effect.send(id, .welcome(heartbeatMilliseconds: Heartbeat.milliseconds))
        guard isNew else { return [welcome] }
        let joined = Effect.event(
            run: nil, kind: "joined", node: hello.name,
            detail: "\(hello.role) on \(hello.host), pid \(hello.pid)")
        return [welcome, joined]
    }

    private mutating func lose(_ id: NodeID, why: String, now: Double) -> [Effect] {
        guard let node = nodes.removeValue(forKey: id) else { return [] }
        var effects = [
            Effect.event(run: node.run, kind: "lost", node: node.hello.name, detail: why)
        ]
        effects += active?.lost(id, name: node.hello.name, why: why, now: now) ?? []
        return effects + finishIfOver(now: now)
    }

    // The row of runs.

    private mutating func beginNext(now: Double) -> [Effect] {
        guard active == nil, let request = queue.first else { return [] }
        let idle = nodes.filter { $0.value.run == nil }.sorted {
            $0.value.hello.name.compare($1.value.hello.name, options: .numeric)
                == .orderedAscending
        }
        let workers = idle.filter { $0.value.hello.role == "worker" }.prefix(request.workers)
        let server = idle.first { $0.value.hello.role == "server" }
        guard workers.count == request.workers, server != nil || !request.needsServer else {
            let server = request.needsServer && server == nil ? " and 1 server" : ""
            note(request.id) {
                $0.note = "waits for \(request.workers - workers.count) more workers\(server)"
            }
            return []
        }
        queue.removeFirst()
        let members = workers.map(\.key) + (request.needsServer ? [server?.key ?? []] : [])
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
        let run = ActiveRun(
            request: request, members: members, oneHost: shareHost(members),
            sharesMemory: shareMemory(members), now: now)
        active = run
        let places = members.enumerated().compactMap { rank, id in
            nodes[id].map { Effect.member(run: request.id, rank: rank, $0.hello) }
        }
        return [.began(run: request.id)] + places + run.assignments()
    }

    /// Containers and network namespaces of one machine have unix sockets of their own.
    private func shareHost(_ members: [NodeID]) -> Bool {
        let greetings = members.compactMap { nodes[$0]?.hello }
        return Set(greetings.map { [$0.host, $0.bootID, $0.network] }).count == 1
    }

    /// Memory is found through process numbers, and only among processes of one user. Whoever puts
    /// daemons into network namespaces of their own has a network between them in mind.
    private func shareMemory(_ members: [NodeID]) -> Bool {
        let greetings = members.compactMap { nodes[$0]?.hello }
        let domains = Set(greetings.map { [$0.bootID, $0.network, $0.memory] })
        return domains.count == 1 && domains.first?.last?.isEmpty == false
    }

    /// The emulated link stamps frames with the machine's monotonic clock.
    private func refusal(of request: Request, _ members: [NodeID]) -> String? {
        guard request.emulatesLink else { return nil }
        let greetings = members.compactMap { nodes[$0]?.hello }
        guard Set(greetings.map(\.bootID)).count > 1 else { return nil }
        let hosts = Set(greetings.map(\.host)).sorted().joined(separator: ", ")
        return "link: found nodes on several machines (\(hosts)); allowed: an emulated link among "
            + "nodes of one machine; leave link out to measure the real one"
    }

    private mutating func finishIfOver(now: Double) -> [Effect] {
        guard let run = active, let ending = run.ending(now: now) else { return [] }
        update(run)
        active = nil
        for id in run.members { nodes[id]?.run = nil }
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
        return [.ended(run: run.request.id, ending)] + beginNext(now: now)
    }

    private mutating func update(_ run: ActiveRun) {
        note(run.request.id) {
            $0.step = run.step
            $0.steps = run.steps
            $0.samplesPerSecond = run.samplesPerSecond
            $0.loss = run.loss
        }
    }

    private mutating func note(_ run: Int64, _ change: (inout Board.Run) -> Void) {
        guard let position = listing.lastIndex(where: { $0.id == run }) else { return }
        change(&listing[position])
    }
}
