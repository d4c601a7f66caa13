import Wire

/// What members measured. It goes on record as long as its step stands, also when it is handed in
/// late, by a node that was put out meanwhile.
extension ActiveRun {
    /// An evaluation that not every worker of its generation has reported.
    struct OpenEvaluation {
        let roll: Roll
        var parts: [Int: EvaluationPart] = [:]
        var sequences: [Int: UInt64] = [:]
    }

    /// Whose measurement a message is.
    struct Report {
        let roll: Roll
        let place: Roll.Place
        /// The node's seat, while its generation is the newest and trains.
        let seat: Int?
    }

    /// `nil` for other messages, and for those of nobody who took part in the generation.
    func report(_ message: ControlMessage, by hello: Hello, _ seat: Int?) -> Report? {
        guard let (generation, rank) = authorship(of: message),
            let roll = rolls.last(where: { $0.generation == generation }),
            let place = roll.places[hello.name], place.rank == rank, place.isOf(hello)
        else { return nil }
        let trains = generation == startedGeneration
        let live = seat.flatMap { seats[$0].held == nil && !seats[$0].isNew ? $0 : nil }
        return Report(roll: roll, place: place, seat: trains ? live : nil)
    }

    private func authorship(of message: ControlMessage) -> (generation: UInt32, rank: Int)? {
        switch message {
        case .metrics(request.id, let generation, let rank, _),
            .evaluation(request.id, let generation, let rank, _),
            .observed(request.id, let generation, let rank, _),
            .checkpointed(request.id, let generation, let rank, _):
            (generation, rank)
        default: nil
        }
    }

    /// Whether a node has had a place in one of the generations that are remembered.
    func hasEnrolled(_ name: String, in run: Int64) -> Bool {
        run == request.id && rolls.contains { $0.places[name] != nil }
    }

    mutating func took(
        _ report: Report, _ message: ControlMessage, sequence: UInt64, now: Double
    ) -> [RunBoard.Effect] {
        switch message {
        case .metrics(_, _, _, let records): return took(records, report, now: now)
        case .evaluation(_, _, _, let part): return took(part, report, sequence)
        case .observed(_, _, _, let observation):
            // The first rank speaks for all.
            guard report.place.rank == 0, stands(observation.step, report) else { return [] }
            return [.observed(run: request.id, observation)]
        case .checkpointed(_, _, let rank, let note):
            guard note.step <= report.roll.end else { return [] }
            return [.checkpointed(run: request.id, rank: rank, note)]
        default: return []
        }
    }

    /// Members of the generation that begins are those that may hand in its measurements.
    mutating func enroll() {
        let places = seats.map { seat in
            (
                seat.hello.name,
                Roll.Place(
                    rank: seat.rank, recordedRank: recordedRank(seat), key: seat.hello.publicKey)
            )
        }
        rolls.append(
            Roll(
                generation: generation, worldSize: worldSize,
                places: Dictionary(places) { first, _ in first }, end: Self.stepLimit))
        rolls = rolls.suffix(Self.rollsKept)
    }

    /// What was told of the steps from `step` on is done again. Evaluations before may still be
    /// completed by who was put out; nobody else keeps words for that.
    mutating func forget(from step: Int) {
        rewound = nil
        losses = [:]
        checksums = [:]
        evaluated = evaluated.filter { $0 <= step }
        for position in rolls.indices { rolls[position].rewind(to: step) }
        let oldest = rolls.first?.generation ?? 0
        evaluations = evaluations.filter { $0.key < step && $0.value.roll.generation >= oldest }
        for key in evaluations.keys { evaluations[key]?.sequences = [:] }
    }

    private func stands(_ step: Int, _ report: Report) -> Bool {
        isOfRun(step) && step < report.roll.end
    }

    /// What nobody was asked for is not kept in mind; the number of steps may not be known yet.
    private func isOfRun(_ step: Int) -> Bool { steps == 0 || step < steps }

    private mutating func took(
        _ records: [StepRecord], _ report: Report, now: Double
    ) -> [RunBoard.Effect] {
        let isSound = records.allSatisfy { (0..<Self.stepLimit).contains($0.step) }
        guard isSound else { return [] }
        let end = report.roll.end
        let reachesBeyond = records.contains { $0.step >= end }
        let standing = reachesBeyond ? records.filter { $0.step < end } : records
        guard !standing.isEmpty else { return [] }
        let effects = [
            RunBoard.Effect.steps(
                run: request.id, rank: report.place.recordedRank, standing)
        ]
        guard let seat = report.seat else { return effects }
        return effects + learned(from: standing, report.place.rank, seat, now: now)
    }

    private mutating func learned(
        from records: [StepRecord], _ rank: Int, _ seat: Int, now: Double
    ) -> [RunBoard.Effect] {
        // Who takes steps has got over what was done to it: a later loss is another matter.
        injections[seats[seat].slot] = nil
        seats[seat].phases = Board.Phases(of: records) ?? seats[seat].phases
        guard !seats[seat].isServer else { return [] }
        var effects: [RunBoard.Effect] = []
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
        let samples = Double(records.count) * Double(startedWorld) * Double(request.batch)
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

    /// A state that a later generation begins with is evaluated by that one, if it was not yet.
    private mutating func took(
        _ part: EvaluationPart, _ report: Report, _ sequence: UInt64
    ) -> [RunBoard.Effect] {
        // A part that comes again after the whole is on record would wait for ever.
        guard !evaluated.contains(part.step), isOfRun(part.step - 1), part.step < report.roll.end
        else { return [] }
        var open = evaluations[part.step] ?? OpenEvaluation(roll: report.roll)
        open.parts[report.place.rank] = part
        if report.seat != nil { open.sequences[report.place.rank] = sequence }
        evaluations[part.step] = open
        let world = open.roll.worldSize
        guard open.parts.count == world else { return [] }
        evaluations[part.step] = nil
        evaluated.insert(part.step)
        let ordered = (0..<world).compactMap { open.parts[$0] }
        let count = ordered.reduce(0.0) { $0 + Double($1.count) }
        guard count > 0 else { return [] }
        let correct = ordered.reduce(0.0) { $0 + Double($1.correct) } / count
        if part.step == evaluated.max() { accuracy = correct }
        return [
            .evaluated(
                run: request.id, step: part.step, seconds: ordered.map(\.seconds).max() ?? 0,
                loss: ordered.reduce(0) { $0 + $1.lossSum } / count, accuracy: correct)
        ]
    }
}
