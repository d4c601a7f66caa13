import Collectives
import Membership
import Wire

/// Steps: a gradient, its exchange over frames, the update.
extension SimulatedMember {
    mutating func train(_ assignment: Assignment, _ endpoints: [String], now: Double) {
        let program = Program.make(
            scenario.topology, .allReduce(words: scenario.words), rank: assignment.rank,
            worldSize: assignment.worldSize, chunkWords: scenario.chunkWords)
        training = Training(
            assignment: assignment, peers: endpoints.map { Endpoint($0) }, program: program)
        outputs.append(.started(generation: assignment.generation))
        guard let origin = assignment.origin, let seed = origin.seededBy else {
            tellRestored()
            return beginFirst(now: now)
        }
        if !origin.isNew { tellRestored() }
        training?.purpose = .seeding
        let none = Array(repeating: Float(0), count: scenario.words)
        let own = replica?.state.parameters ?? none
        exchange(assignment.rank == seed && !isServer ? own : none, now: now)
    }

    private mutating func tellRestored() {
        guard let replica, let training, !isServer else { return }
        outputs.append(
            .restored(
                generation: training.assignment.generation, replica.state, step: replica.step))
    }

    /// The first step of a generation, or the evaluation that its first state lacks.
    private mutating func beginFirst(now: Double) {
        guard let origin = training?.assignment.origin, origin.lacksEvaluation,
            origin.state.step > 0, scenario.evaluates(after: origin.state.step)
        else { return beginStep(now: now) }
        evaluate(after: origin.state.step, now: now)
    }

    private mutating func beginStep(now: Double) {
        guard let training, let replica else { return }
        guard isCurrent(training.assignment) else { return leaveTraining() }
        guard replica.step < scenario.steps else { return complete(now: now) }
        self.replica?.begin()
        self.training?.purpose = .gradient
        guard !isServer else {
            return exchange(Array(repeating: 0, count: scenario.words), now: now)
        }
        let seconds = scenario.computeSeconds * .random(in: 0.8...1.2, using: &chance)
        work = .computing(until: now + seconds)
    }

    mutating func exchangeGradient(now: Double) {
        guard let training, let replica else { return }
        let assignment = training.assignment
        exchange(
            simulatedGradient(
                generation: assignment.generation, slot: assignment.slot, step: replica.step,
                words: scenario.words), now: now)
    }

    private mutating func exchange(_ buffer: [Float], now: Double) {
        guard let training else { return }
        let nodes = training.assignment.worldSize + 1
        self.training?.exchange = SimulatedExchange(
            program: training.program, nodes: nodes, buffer: buffer)
        work = .exchanging(until: now + scenario.exchangeDeadline)
        advance(now: now)
    }

    /// A frame has arrived at the data plane.
    mutating func received(_ frame: DataFrame, now: Double) {
        guard let opened, frame.door == door,
            Mind.accepts(frame.header, run: opened.identity, generation: opened.generation)
        else {
            droppedFrames += 1
            return
        }
        arrived.append(frame)
        guard case .exchanging = work else { return }
        // Any frame is a sign of life.
        work = .exchanging(until: now + scenario.exchangeDeadline)
        if offerArrived() { advance(now: now) }
    }

    /// Offers what has arrived, oldest first; true when the exchange got on.
    private mutating func offerArrived() -> Bool {
        guard let number = training?.operation else { return false }
        var position = 0
        while position < arrived.count {
            let distance = Int32(bitPattern: arrived[position].header.operation &- number)
            if distance < 0 {
                droppedFrames += 1
                arrived.remove(at: position)
                continue
            }
            if distance == 0, training?.exchange?.offer(arrived[position]) == true {
                arrived.remove(at: position)
                return true
            }
            position += 1
        }
        return false
    }

    private mutating func advance(now: Double) {
        while let progress = training?.exchange?.next() {
            switch progress {
            case .send(let peer, let index, let words): send(words, to: peer, index: index)
            case .wait:
                guard offerArrived() else { return }
            case .finished: return finishOperation(now: now)
            }
        }
    }

    private mutating func send(_ words: [Float], to peer: Int, index: UInt32) {
        guard let training else { return }
        let header = FrameHeader(
            from: training.assignment.rank, run: training.assignment.identity,
            generation: training.assignment.generation, operation: training.operation,
            index: index, length: 4 * words.count)
        let target = training.peers[peer]
        outputs.append(
            .frame(DataFrame(header: header, door: target.door, payload: words), to: target.node))
    }

    private mutating func finishOperation(now: Double) {
        guard let training, let sum = training.exchange?.buffer else { return }
        self.training?.exchange = nil
        self.training?.operation += 1
        switch training.purpose {
        case .seeding:
            if training.assignment.origin?.isNew == true {
                let first = isServer ? [] : sum
                replica?.take(first)
                tellRestored()
            }
            return beginFirst(now: now)
        case .gradient:
            finishStep(adding: sum, now: now)
            if let step = replica?.step, scenario.evaluates(after: step) {
                return evaluate(after: step, now: now)
            }
            replica?.keep()
        case .evaluation: replica?.keep()
        }
        beginStep(now: now)
    }

    private mutating func finishStep(adding sum: [Float], now: Double) {
        guard let assignment = training?.assignment, let step = replica?.step else { return }
        let sum = isServer ? [] : sum
        let samples = assignment.worldSize * scenario.batch
        replica?.finish(adding: sum, samples: samples)
        guard let replica else { return }
        outputs.append(
            .finished(
                generation: assignment.generation, replica.state, step: replica.step,
                slot: assignment.slot))
        recordsPlace = (assignment.run, assignment.generation, assignment.rank)
        records.append(record(of: step, assignment))
    }

    /// Everybody tells its part, and waits until everybody has.
    private mutating func evaluate(after step: Int, now: Double) {
        guard let assignment = training?.assignment else { return }
        training?.purpose = .evaluation
        if !isServer {
            let part = EvaluationPart(
                step: step, seconds: Double(step), count: 4, lossSum: 2, correct: 1)
            say(
                .evaluation(
                    run: assignment.run, generation: assignment.generation,
                    rank: assignment.rank, part), now: now)
        }
        exchange(Array(repeating: 0, count: scenario.words), now: now)
    }

    /// The generation stands where a loss does, so that its row tells who wrote it.
    private func record(of step: Int, _ assignment: Assignment) -> StepRecord {
        var record = StepRecord(step: step)
        record.loss = Double(assignment.generation)
        record.total = 1
        if !isServer, (step + 1) % scenario.checksumSteps == 0 {
            record.checksum = replica?.checksum
        }
        return record
    }

    private mutating func complete(now: Double) {
        guard let assignment = training?.assignment else { return }
        leaveTraining()
        say(
            .done(
                run: assignment.run, generation: assignment.generation, rank: assignment.rank,
                .completed(checksum: isServer ? 0 : replica?.checksum ?? 0)), now: now)
    }

    /// Nobody has sent anything for as long as a peer may be silent.
    mutating func expired(now: Double) {
        guard let assignment = training?.assignment,
            case .wait(let peer)? = training?.exchange?.next()
        else { return }
        leaveTraining()
        say(
            .done(
                run: assignment.run, generation: assignment.generation, rank: assignment.rank,
                .peerTrouble(peer: peer, reason: "rank \(peer) sent nothing")), now: now)
    }

    mutating func leaveTraining() {
        training = nil
        work = .idle
    }
}
