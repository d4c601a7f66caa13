import Collectives
import Membership
import Wire

/// A simulated daemon: the real machine, with a model of the process around it. Events go in, what
/// it sends and does comes out.
struct SimulatedMember<Mind: MemberMind> {
    /// What leaves the daemon, and what its observer is told.
    enum Output {
        case control(ControlLine.Word)
        case frame(DataFrame, to: Int)
        case restored(generation: UInt32, Replica.State, step: Int)
        case lacks(HeldState, generation: UInt32)
        case started(generation: UInt32)
        case finished(generation: UInt32, Replica.State, step: Int, slot: Int)
    }

    /// What the main thread is at, and when that ends at the latest.
    enum Work {
        case idle
        case preparing(Assignment, until: Double)
        case awaitingStart(Assignment, until: Double)
        case computing(until: Double)
        case exchanging(until: Double)
    }

    /// What an exchange is for.
    enum Purpose {
        case seeding, gradient, evaluation
    }

    /// A generation that is trained in.
    struct Training {
        let assignment: Assignment
        /// Inboxes by rank.
        let peers: [Endpoint]
        let program: [Instruction]
        var operation: UInt32 = 0
        var purpose = Purpose.gradient
        var exchange: SimulatedExchange?
    }

    /// Where a node's frames arrive: every preparation opens an inbox of its own.
    struct Endpoint {
        let node: Int
        let door: Int

        init(node: Int, door: Int) {
            self.node = node
            self.door = door
        }

        init(_ text: String) {
            let numbers = text.split(separator: "/").compactMap { Int($0) }
            node = numbers.first ?? 0
            door = numbers.last ?? 0
        }

        var text: String { "\(node)/\(door)" }
    }

    let node: Int
    let scenario: Scenario
    let options: ClusterOptions
    let greeting: Hello
    var chance: SeededGenerator
    var mind = Mind()
    var line = ControlLine(resends: Mind.resends)
    var work = Work.idle
    var training: Training?
    var replica: Replica?
    /// The assignment whose data plane is open.
    var opened: Assignment?
    /// Counts the inboxes; what comes to one of before goes nowhere.
    private(set) var door = 0
    var arrived: [DataFrame] = []
    var records: [StepRecord] = []
    var recordsPlace: (run: Int64, generation: UInt32, rank: Int)?
    var outputs: [Output] = []
    var droppedFrames = 0
    /// The last outcome that was told.
    private var told: (sequence: UInt64, run: Int64, generation: UInt32)?
    private var reactAt: Double?

    init(node: Int, greeting: Hello, scenario: Scenario, options: ClusterOptions) {
        self.node = node
        self.greeting = greeting
        self.scenario = scenario
        self.options = options
        let life = UInt64(greeting.pid)
        chance = SeededGenerator(seed: scenario.seed ^ (life &* 0xD1B5_4A32_D192_ED03))
    }

    var isServer: Bool { greeting.role == "server" }

    /// What the daemon introduces itself with now.
    var hello: Hello {
        var hello = greeting
        hello.place = mind.currentPlace
        hello.oldestSequence = line.oldestSequence
        hello.beatMilliseconds = line.heartbeat.milliseconds
        hello.newestSequence = line.newestSequence
        return hello
    }

    /// When the main thread wants to go on.
    var alarm: Double? {
        switch work {
        case .idle: reactAt
        case .preparing(_, let until), .computing(let until): until
        case .awaitingStart(_, let until), .exchanging(let until): min(until, reactAt ?? until)
        }
    }

    /// Whether the main thread is in the middle of something.
    var isWaiting: Bool {
        if case .idle = work { false } else { true }
    }

    /// Rows that the coordinator has not recorded, as far as this daemon knows.
    var unrecorded: [SimulatedStore.Row] {
        let spooled = line.spool.flatMap { word -> [SimulatedStore.Row] in
            guard case .metrics(_, let generation, let rank, let steps) = word.message else {
                return []
            }
            return steps.map { .init(generation: generation, rank: rank, step: $0.step) }
        }
        guard let place = recordsPlace else { return spooled }
        return spooled
            + records.map {
                .init(generation: place.generation, rank: place.rank, step: $0.step)
            }
    }

    /// Evaluations that it has told a part of and that the coordinator has not recorded.
    var unrecordedEvaluations: [Int] {
        line.spool.compactMap { word in
            if case .evaluation(_, _, _, let part) = word.message { part.step } else { nil }
        }
    }

    // The control thread.

    mutating func open(now: Double) { emit(line.open(hello: hello, now: now)) }

    mutating func beat(now: Double) { emit(line.beat(hello: hello, now: now)) }

    mutating func heard(_ message: ControlMessage, now: Double) {
        emit(line.heard(message, hello: hello, now: now))
        if let told, line.oldestSequence > told.sequence {
            mind.leave(run: told.run, generation: told.generation)
            self.told = nil
        }
        mind.received(message)
        if reactAt == nil { reactAt = now + .random(in: 0...options.sliceSeconds, using: &chance) }
    }

    /// Records first, so that no other word overtakes them.
    mutating func say(_ message: ControlMessage, now: Double) {
        flushRecords(now: now)
        emit(line.say(message, now: now))
        guard case .done(let run, let generation, _, let outcome) = message,
            outcome != .cancelled
        else { return }
        told = (line.nextSequence - 1, run, generation)
    }

    mutating func flushRecords(now: Double) {
        guard let place = recordsPlace, !records.isEmpty else { return }
        let metrics = ControlMessage.metrics(
            run: place.run, generation: place.generation, rank: place.rank, steps: records)
        emit(line.say(metrics, now: now))
        records = []
    }

    private mutating func emit(_ words: [ControlLine.Word]) {
        for word in words { outputs.append(.control(word)) }
    }

    // The main thread.

    /// Its alarm has rung.
    mutating func wake(now: Double) {
        reactAt = nil
        switch work {
        case .idle: break
        case .preparing(let assignment, let until):
            guard now >= until else { return }
            work = .idle
            prepared(assignment, now: now)
        case .awaitingStart(let assignment, let until):
            guard isCurrent(assignment) else {
                work = .idle
                break
            }
            if now >= until { fail("was not started in time", assignment, now: now) }
        case .computing(let until):
            guard now >= until else { return }
            exchangeGradient(now: now)
        case .exchanging(let until): wait(until: until, now: now)
        }
        act(now: now)
    }

    private mutating func wait(until: Double, now: Double) {
        guard let training else { return }
        if !isCurrent(training.assignment) {
            leaveTraining()
        } else if now >= until {
            expired(now: now)
        }
    }

    private mutating func act(now: Double) {
        while isFree, let action = mind.next() { perform(action, now: now) }
    }

    private var isFree: Bool {
        switch work {
        case .idle, .awaitingStart: true
        case .preparing, .computing, .exchanging: false
        }
    }

    private mutating func perform(_ action: MemberMachine.Action, now: Double) {
        switch action {
        case .tell(let assignment, _):
            guard isCurrent(assignment) else { return }
            work = .idle
            let own = replica?.run == assignment.run ? replica : nil
            say(
                .held(
                    Held(
                        run: assignment.run, generation: assignment.generation,
                        states: own?.held(isServer: isServer) ?? [], begun: own?.begun ?? 0)),
                now: now)
        case .prepare(let assignment):
            guard isCurrent(assignment) else { return }
            opened = nil
            arrived = []
            work = .preparing(
                assignment, until: now + .random(in: options.prepareSeconds, using: &chance))
        case .train(let run, let generation, let endpoints):
            guard let opened, opened.run == run, opened.generation == generation,
                isCurrent(opened)
            else { return }
            train(opened, endpoints, now: now)
        case .stop(let run, let generation, _):
            work = .idle
            let rank = opened?.rank ?? 0
            forget(run)
            say(.done(run: run, generation: generation, rank: rank, .cancelled), now: now)
        case .discard(let run): forget(run)
        }
    }

    private mutating func forget(_ run: Int64) {
        if replica?.run == run { replica = nil }
        if opened?.run == run { opened = nil }
        arrived = []
    }

    func isCurrent(_ assignment: Assignment) -> Bool {
        mind.interruption(of: assignment.run, generation: assignment.generation) == nil
    }

    mutating func fail(_ reason: String, _ assignment: Assignment, now: Double) {
        work = .idle
        opened = nil
        say(
            .done(
                run: assignment.run, generation: assignment.generation, rank: assignment.rank,
                .failed(reason: reason)), now: now)
    }

    private mutating func prepared(_ assignment: Assignment, now: Double) {
        guard isCurrent(assignment) else { return }
        guard takeState(of: assignment) else {
            return fail(
                "does not hold the state that the run goes on from", assignment, now: now)
        }
        opened = assignment
        door += 1
        // The coordinator's patience with those who are not prepared ends before.
        work = .awaitingStart(assignment, until: now + 150)
        say(
            .ready(
                Ready(
                    run: assignment.run, identity: assignment.identity,
                    generation: assignment.generation, rank: assignment.rank,
                    endpoint: Endpoint(node: node, door: door).text, parameters: scenario.words,
                    steps: scenario.steps, dataChecksum: 1)), now: now)
    }

    private mutating func takeState(of assignment: Assignment) -> Bool {
        let words = isServer ? 0 : scenario.words
        guard let origin = assignment.origin else {
            replica = Replica(run: assignment.run, words: words, goesBack: scenario.goesBack)
            return true
        }
        guard !origin.isNew else {
            replica = Replica(
                run: assignment.run, awaiting: origin.state, words: words,
                goesBack: scenario.goesBack)
            return true
        }
        guard Mind.rollsBack else { return replica != nil }
        guard replica?.run == assignment.run, replica?.restore(origin.state) == true else {
            outputs.append(.lacks(origin.state, generation: assignment.generation))
            return false
        }
        return true
    }
}
