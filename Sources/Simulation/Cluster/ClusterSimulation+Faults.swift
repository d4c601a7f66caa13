import Membership
import Wire

/// Processes that start, die and stop; cuts that come and go.
extension ClusterSimulation {
    func boot(_ node: Int) throws(ClusterViolation) {
        guard nodes[node].member == nil else { return }
        nodes[node].life += 1
        let life = nodes[node].life
        nodes[node].pausedUntil = 0
        nodes[node].scheduled = nil
        nodes[node].recordsScheduled = false
        note("\(scenario.name(of: node)) is started, life \(life)")
        let greeting = Hello(
            role: scenario.role(of: node), name: scenario.name(of: node), version: "1",
            pid: 1_000 * (node + 1) + life, startedNanoseconds: UInt64(life), host: "here",
            bootID: "boot")
        nodes[node].member = SimulatedMember(
            node: node, greeting: greeting, scenario: scenario, options: options)
        scheduleBeat(of: node, after: Heartbeat().seconds)
        try change(node, .boot(node: node)) { $0.open(now: now) }
    }

    private func kill(_ node: Int) {
        guard let member = nodes[node].member else { return }
        note("\(scenario.name(of: node)) is killed")
        excuse(member)
        nodes[node].member = nil
        nodes[node].line.heldUp = []
        nodes[node].line.heldDown = []
    }

    func startCoordinator() throws(ClusterViolation) {
        note("the coordinator is started")
        coordinator.start(now: now)
        for node in nodes.indices { resume(lineOf: node) }
        try tick(coordinator.life)
    }

    func killCoordinator() {
        note("the coordinator is killed")
        coordinator.die()
        excuseOpenEvaluations()
    }

    func tick(_ life: Int) throws(ClusterViolation) {
        guard coordinator.life == life, coordinator.isUp else { return }
        guard coordinator.pausedUntil <= now else {
            return queue.push(.tick(life: life), at: coordinator.pausedUntil)
        }
        queue.push(.tick(life: life), at: now + options.tickSeconds)
        try carryOut(coordinator.tick(now: now, commitSeconds: options.commitSeconds))
        let open = coordinator.mind.openEntries
        census.openEntries = max(census.openEntries, open)
        guard open <= max(options.entryLimit, 3 * scenario.steps) * scenario.nodes else {
            throw violation(.bounded, "the coordinator keeps \(open) entries in mind")
        }
    }

    func carryOut(_ effects: [RunBoard.Effect]) throws(ClusterViolation) {
        for effect in effects {
            if let left = coordinator.effectsLeft {
                guard left > 0 else { return killCoordinator() }
                coordinator.effectsLeft = left - 1
            }
            try carryOut(effect)
        }
    }

    private func carryOut(_ effect: RunBoard.Effect) throws(ClusterViolation) {
        switch effect {
        case .send(let id, let message):
            if case .assign(let assignment) = message {
                try oracle.assigned(assignment)
            }
            return sendDown(message, to: id)
        case .formed(_, _, let generation, _, let members):
            census.generations += 1
            note("generation \(generation) is formed of \(members.count)")
        case .steps(_, let rank, let records): try check(records, of: rank)
        case .event(_, let kind, let node, let detail):
            note("event \(kind) \(node ?? ""): \(detail)")
        case .rewound(_, let step): note("back to step \(step)")
        case .ended(_, let ending):
            note("ended: \(ending)")
            nodes.compactMap(\.member).forEach(excuse)
        default: break
        }
        coordinator.store.take(effect)
    }

    /// Rows come from the generation that took their step last, and from ranks that it has.
    private func check(_ records: [StepRecord], of rank: Int) throws(ClusterViolation) {
        for record in records {
            let author = oracle.author(of: record.step)
            guard let author, record.loss == Double(author.generation),
                recordedRanks(among: author.nodes).contains(rank)
            else {
                throw violation(
                    .members,
                    "step \(record.step) of rank \(rank) is counted, done in generation "
                        + "\(record.loss ?? -1) while it is of \(author?.generation ?? 0)")
            }
        }
    }

    func befall(_ number: Int) throws(ClusterViolation) {
        let fault = scenario.faults[number]
        census.faults[fault.kind, default: 0] += 1
        let names = fault.nodes.map(scenario.name(of:)).joined(separator: ", ")
        note(
            "fault \(fault.kind.rawValue) \(names) for \(fault.seconds.map(\.description) ?? "ever")"
        )
        if let seconds = fault.seconds, seconds > 0 {
            queue.push(.end(of: number), at: now + seconds)
        }
        switch fault.kind {
        case .crash: kill(fault.nodes[0])
        case .pause:
            let node = fault.nodes[0]
            nodes[node].pausedUntil = max(nodes[node].pausedUntil, fault.end)
        case .partition:
            cuts[number] = (Set(fault.nodes), fault.forgets)
            cutLines(fault)
        case .dataCut: cuts[number] = (Set(fault.nodes), fault.forgets)
        case .controlCut: cutLines(fault)
        case .frameLoss:
            if fault.nodes.count == 2 { lossy[number] = (fault.nodes[0], fault.nodes[1]) }
        case .lineReset: breakLine(of: fault.nodes[0], forgets: false)
        case .wordLoss, .reportLoss:
            lossyLines[number] = (fault.nodes[0], fault.kind == .wordLoss)
        case .coordinatorCrash: sentence(fault)
        case .coordinatorPause:
            coordinator.pausedUntil = max(coordinator.pausedUntil, fault.end)
        }
    }

    private func cutLines(_ fault: Fault) {
        for node in fault.nodes {
            nodes[node].line.cuts += 1
            if fault.forgets { breakLine(of: node, forgets: true) }
        }
    }

    /// The coordinator dies now, or in the middle of what it does next.
    private func sentence(_ fault: Fault) {
        for node in nodes.indices { breakLine(of: node, forgets: fault.forgets) }
        guard coordinator.isUp, fault.effects > 0 else { return killCoordinator() }
        coordinator.effectsLeft = fault.effects
        queue.push(.death(life: coordinator.life), at: now + options.tickSeconds)
    }

    func end(of number: Int) throws(ClusterViolation) {
        let fault = scenario.faults[number]
        switch fault.kind {
        case .crash: try boot(fault.nodes[0])
        case .partition, .controlCut, .dataCut:
            cuts[number] = nil
            if fault.kind != .dataCut {
                for node in fault.nodes {
                    nodes[node].line.cuts -= 1
                    resume(lineOf: node)
                }
            }
            releaseFrames()
        case .frameLoss: lossy[number] = nil
        case .wordLoss, .reportLoss: lossyLines[number] = nil
        case .coordinatorCrash:
            if !coordinator.isUp { try startCoordinator() }
        case .pause, .lineReset, .coordinatorPause: break
        }
    }
}
