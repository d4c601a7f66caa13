import Collectives
import Membership
import Wire

/// A coordinator, daemons and the network between them in virtual time, under a schedule of faults.
///
/// The minds are those of real processes: `RunBoard` and `MemberMachine`, and the programs of the
/// collectives. Everything else is a model whose every choice comes from the seed.
package final class ClusterSimulation<Mind: CoordinatorMind, Member: MemberMind> {
    enum Event {
        case startCoordinator
        case boot(node: Int)
        case alarm(node: Int, life: Int)
        case beat(node: Int, life: Int, number: Int)
        case records(node: Int, life: Int)
        case up(node: Int, life: Int, epoch: Int, ControlLine.Word)
        case down(node: Int, life: Int, epoch: Int, ControlMessage)
        case frame(DataFrame, to: Int)
        case tick(life: Int)
        case death(life: Int)
        case fault(Int)
        case end(of: Int)
    }

    /// A place for one daemon process after another.
    struct Node {
        var life = 0
        var member: SimulatedMember<Member>?
        var pausedUntil = 0.0
        var scheduled: Double?
        var recordsScheduled = false
        /// The beat that comes next, and what it waits for since when.
        var beat = (number: 0, since: 0.0, time: 0.0)
        var line = Line()
    }

    /// The control connection of a node.
    struct Line {
        var epoch = 0
        var upClear = 0.0
        var downClear = 0.0
        var cuts = 0
        var forgets = false
        var heldUp: [(life: Int, word: ControlLine.Word)] = []
        var heldDown: [ControlMessage] = []
    }

    let scenario: Scenario
    let options: ClusterOptions
    var queue = EventQueue<Event>()
    var chance: SeededGenerator
    var now = 0.0
    var nodes: [Node]
    var coordinator: SimulatedCoordinator<Mind>
    var oracle: ClusterOracle
    var cuts: [Int: (nodes: Set<Int>, forgets: Bool)] = [:]
    var lossy: [Int: (from: Int, to: Int)] = [:]
    /// Whose words are lost: the coordinator's to a node, or the node's own.
    var lossyLines: [Int: (node: Int, isDown: Bool)] = [:]
    var heldFrames: [(DataFrame, from: Int, to: Int)] = []
    /// Rows that may be missing: they died with their worker, or came when nobody asked any more.
    var lostRows: Set<SimulatedStore.Row> = []
    /// Evaluations that may be missing, for the same reasons.
    var lostEvaluations: Set<Int> = []
    /// Steps that a member has finished: who was cut off in one has no row of it.
    var takenSteps: Set<SimulatedStore.Row> = []
    var census = ClusterCensus()
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    private var trace: ClusterTrace?

    /// A cluster before its first event.
    ///
    /// - Parameter traced: how many of the last events are kept in words.
    package init(_ options: ClusterOptions, seed: UInt64, traced: Int = 0) {
        self.options = options
        let scenario = Scenario(options, seed: seed)
        self.scenario = scenario
        chance = SeededGenerator(seed: seed ^ 0x5DEE_CE66_D154_21F7)
        nodes = Array(repeating: Node(), count: scenario.nodes)
        coordinator = SimulatedCoordinator(
            scenario.request, heartbeat: Heartbeat(milliseconds: options.heartbeatMilliseconds))
        oracle = ClusterOracle(scenario)
        trace = traced > 0 ? ClusterTrace(limit: traced) : nil
    }

    /// Runs the schedule to its end.
    package func run() -> ClusterOutcome {
        begin()
        var broken: ClusterViolation?
        do throws(ClusterViolation) {
            try play()
            try judge()
        } catch {
            broken = error
            broken?.time = now
            note("broken: \(error)")
        }
        return outcome(broken)
    }

    private func begin() {
        queue.push(.startCoordinator, at: 0)
        for node in nodes.indices {
            queue.push(.boot(node: node), at: .random(in: 0...0.5, using: &chance))
        }
        for (number, fault) in scenario.faults.enumerated() {
            queue.push(.fault(number), at: fault.time)
        }
    }

    private func play() throws(ClusterViolation) {
        let limit = scenario.lastFault + options.boundSeconds
        while coordinator.store.ending == nil {
            guard let (time, event) = queue.pop() else {
                throw violation(.deadlines, "nothing is left to happen, and the run is not over")
            }
            now = time
            census.events += 1
            guard now <= limit else {
                if waitsInQueue { return }
                throw violation(
                    .bound, "the run goes on \(Int(options.boundSeconds)) s after the last fault")
            }
            guard census.events <= options.eventLimit else {
                throw violation(.bounded, "\(census.events) events")
            }
            try handle(event)
        }
    }

    /// Whether the run has no members yet and too few daemons live for it: then it waits in the
    /// queue, for as long as it takes.
    var waitsInQueue: Bool {
        guard coordinator.store.generations.isEmpty else { return false }
        let living = nodes.indices.filter { nodes[$0].member != nil }.map(scenario.role)
        let servers = living.count { $0 == "server" }
        return living.count - servers < scenario.workers
            || (scenario.topology == .star && servers == 0)
    }

    private func handle(_ event: Event) throws(ClusterViolation) {
        mix(event)
        switch event {
        case .startCoordinator: try startCoordinator()
        case .tick(let life): try tick(life)
        case .death(let life):
            if coordinator.life == life, coordinator.effectsLeft != nil { killCoordinator() }
        case .fault(let number): try befall(number)
        case .end(let number): try end(of: number)
        case .boot(let node): try boot(node)
        case .up(let node, let life, let epoch, let word):
            try arrive(word, from: node, life, epoch, event)
        case .down(let node, let life, let epoch, let message):
            try arrive(message, at: node, life, epoch, event)
        case .frame(let frame, let node):
            try change(node, event) { $0.received(frame, now: now) }
        case .alarm(let node, let life):
            guard nodes[node].life == life else { return }
            guard !defers(node, event) else { return }
            nodes[node].scheduled = nil
            try change(node, event) { member in
                if let alarm = member.alarm, alarm <= now { member.wake(now: now) }
            }
        case .beat(let node, let life, let number):
            guard nodes[node].life == life, nodes[node].beat.number == number,
                !defers(node, event)
            else { return }
            let heartbeat = nodes[node].member?.line.heartbeat ?? Heartbeat()
            scheduleBeat(of: node, after: heartbeat.seconds)
            try change(node, event) { $0.beat(now: now) }
        case .records(let node, let life):
            guard nodes[node].life == life, !defers(node, event) else { return }
            nodes[node].recordsScheduled = false
            try change(node, event) { $0.flushRecords(now: now) }
        }
    }

    /// A daemon's next beat; one that was planned before does not come.
    func scheduleBeat(of node: Int, after seconds: Double) {
        nodes[node].beat.number += 1
        nodes[node].beat.since = now
        nodes[node].beat.time = now + seconds
        queue.push(
            .beat(node: node, life: nodes[node].life, number: nodes[node].beat.number),
            at: now + seconds)
    }

    /// A stopped process takes what comes when it goes on.
    func defers(_ node: Int, _ event: Event) -> Bool {
        guard nodes[node].pausedUntil > now else { return false }
        queue.push(event, at: nodes[node].pausedUntil)
        return true
    }

    /// Lets something happen to a daemon, and carries out what it does then.
    func change(
        _ node: Int, _ event: Event, _ body: (inout SimulatedMember<Member>) -> Void
    ) throws(ClusterViolation) {
        guard nodes[node].member != nil, !defers(node, event) else { return }
        guard var member = nodes[node].member.take() else { return }
        body(&member)
        let outputs = member.outputs
        member.outputs = []
        nodes[node].member = member
        for output in outputs { try carryOut(output, of: node) }
        try settle(node)
    }

    /// Sees to it that a daemon's timers are in the queue.
    private func settle(_ node: Int) throws(ClusterViolation) {
        guard let member = nodes[node].member else { return }
        if let alarm = member.alarm, alarm < nodes[node].scheduled ?? .infinity {
            nodes[node].scheduled = alarm
            queue.push(.alarm(node: node, life: nodes[node].life), at: max(now, alarm))
        }
        if !member.records.isEmpty, !nodes[node].recordsScheduled {
            nodes[node].recordsScheduled = true
            queue.push(
                .records(node: node, life: nodes[node].life), at: now + options.recordSeconds)
        }
        let due = nodes[node].beat.since + member.line.heartbeat.seconds
        if due < nodes[node].beat.time { scheduleBeat(of: node, after: max(0, due - now)) }
        if member.isWaiting, nodes[node].scheduled == nil {
            throw violation(.deadlines, "\(scenario.name(of: node)) waits without one")
        }
        guard !member.line.isWelcome || member.line.spool.count <= options.spoolLimit else {
            throw violation(
                .bounded, "\(scenario.name(of: node)) spools \(member.line.spool.count) messages")
        }
    }

    private func carryOut(
        _ output: SimulatedMember<Member>.Output, of node: Int
    ) throws(ClusterViolation) {
        switch output {
        case .control(let word): sendUp(word, from: node)
        case .frame(let frame, let peer): sendFrame(frame, from: node, to: peer)
        case .started(let generation):
            note("\(scenario.name(of: node)) starts generation \(generation)")
            oracle.started(generation)
        case .lacks(let state, let generation):
            throw violation(
                .heldStates,
                "\(scenario.name(of: node)) is asked for step \(state.step) in generation "
                    + "\(generation)")
        case .restored(let generation, let state, let step):
            try oracle.reached(
                state, step: step, generation: generation, by: scenario.name(of: node))
        case .finished(let generation, let state, let step, _):
            if let rank = nodes[node].member?.recordsPlace?.rank {
                takenSteps.insert(
                    SimulatedStore.Row(generation: generation, rank: rank, step: step - 1))
            }
            note("\(scenario.name(of: node)) has done \(step) in generation \(generation)")
            guard scenario.role(of: node) == "worker" else { return }
            census.steps += 1
            try oracle.reached(
                state, step: step, generation: generation, by: scenario.name(of: node))
        }
    }

    func violation(_ invariant: Invariant, _ detail: String) -> ClusterViolation {
        ClusterViolation(invariant: invariant, detail: detail)
    }

    /// Keeps words for a failure; costs nothing when nobody will read them.
    func note(_ words: @autoclosure () -> String) {
        trace?.add(words(), at: now)
    }

    private func mix(_ event: Event) {
        let kind: UInt64 =
            switch event {
            case .startCoordinator: 1
            case .boot(let node): 2 + UInt64(node) << 8
            case .alarm(let node, _): 3 + UInt64(node) << 8
            case .beat(let node, _, _): 4 + UInt64(node) << 8
            case .records(let node, _): 5 + UInt64(node) << 8
            case .up(let node, _, _, _): 6 + UInt64(node) << 8
            case .down(let node, _, _, _): 7 + UInt64(node) << 8
            case .frame(let frame, let to): 8 + UInt64(to) << 8 + UInt64(frame.header.from) << 16
            case .tick: 9
            case .death: 10
            case .fault(let number): 11 + UInt64(number) << 8
            case .end(let number): 12 + UInt64(number) << 8
            }
        digest = (digest ^ now.bitPattern ^ kind) &* 0x100_0000_01b3
    }

    private func outcome(_ broken: ClusterViolation?) -> ClusterOutcome {
        census.rewinds = coordinator.store.rewinds
        return ClusterOutcome(
            seed: scenario.seed, ending: coordinator.store.ending, violation: broken,
            census: census, seconds: now, digest: digest, trace: trace?.lines ?? [])
    }
}
