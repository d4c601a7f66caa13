import Wire

/// The run that is going on: who takes part, what they said, whether it is over. A pure value.
struct ActiveRun {
    private enum Stage {
        case preparing
        case running
        case stopping(RunBoard.Ending, since: Double)
    }

    /// Seconds that members have to load data and make the model.
    static let preparationSeconds = 120.0
    /// Seconds that members have to say how they ended, once told to stop.
    static let stoppingSeconds = 10.0

    let request: RunBoard.Request
    /// Socket identities in rank order; a server is last.
    let members: [RunBoard.NodeID]
    private let oneHost: Bool
    private let sharesMemory: Bool
    private var stage = Stage.preparing
    private let began: Double
    private var ready: [Int: Ready] = [:]
    private var outcomes: [Int: Outcome] = [:]
    private var evaluations: [Int: [Int: EvaluationPart]] = [:]
    private var checksums: [Int: [Int: UInt64]] = [:]
    private var losses: [Int: [Int: Double]] = [:]

    /// Steps done by the slowest worker that was heard.
    private(set) var step = 0
    /// Steps asked.
    private(set) var steps = 0
    /// Of the latest batch of records.
    private(set) var samplesPerSecond = 0.0
    /// Mean over the workers, at the latest step that all have reported.
    private(set) var loss: Double?

    init(
        request: RunBoard.Request, members: [RunBoard.NodeID], oneHost: Bool,
        sharesMemory: Bool, now: Double
    ) {
        self.request = request
        self.members = members
        self.oneHost = oneHost
        self.sharesMemory = sharesMemory
        began = now
    }

    func assignments() -> [RunBoard.Effect] {
        members.enumerated().map { rank, id in
            .send(
                id,
                .assign(
                    Assignment(
                        run: request.id, identity: request.identity, generation: 0, rank: rank,
                        worldSize: request.workers, seed: request.seed, oneHost: oneHost,
                        sharesMemory: sharesMemory, config: request.config)))
        }
    }

    mutating func received(
        _ message: ControlMessage, from id: RunBoard.NodeID, now: Double
    ) -> [RunBoard.Effect] {
        guard let rank = members.firstIndex(of: id) else { return [] }
        switch message {
        case .ready(let ready) where ready.run == request.id: return isReady(ready, rank, now: now)
        case .metrics(request.id, rank, let records): return took(records, rank, now: now)
        case .evaluation(request.id, rank, let part): return evaluated(part, rank)
        case .done(request.id, rank, let outcome): return ended(outcome, rank, now: now)
        default: return []
        }
    }

    mutating func lost(
        _ id: RunBoard.NodeID, name: String, why: String, now: Double
    ) -> [RunBoard.Effect] {
        guard let rank = members.firstIndex(of: id), outcomes[rank] == nil else { return [] }
        outcomes[rank] = .cancelled
        return stop(.failed("rank \(rank) (\(name)) is lost: \(why)"), now: now)
    }

    mutating func expired(now: Double) -> [RunBoard.Effect] {
        guard case .preparing = stage, now - began > Self.preparationSeconds else { return [] }
        let missing = members.indices.filter { ready[$0] == nil }.map(String.init)
        return stop(
            .failed(
                "rank \(missing.joined(separator: ", ")) was not prepared within "
                    + "\(Int(Self.preparationSeconds)) s"), now: now)
    }

    /// Tells everybody to stop; the first reason stays.
    mutating func stop(_ ending: RunBoard.Ending, now: Double) -> [RunBoard.Effect] {
        if case .stopping = stage { return [] }
        stage = .stopping(ending, since: now)
        let reason: String
        switch ending {
        case .failed(let why), .cancelled(let why): reason = why
        case .completed: reason = "completed"
        }
        return members.indices.filter { outcomes[$0] == nil }.map {
            .send(members[$0], .cancel(run: request.id, reason: reason))
        }
    }

    /// How the run ended, once every member has said so or had its time to.
    func ending(now: Double) -> RunBoard.Ending? {
        let everybody = outcomes.count == members.count
        if case .stopping(let ending, let since) = stage {
            return everybody || now - since > Self.stoppingSeconds ? ending : nil
        }
        guard everybody, case .completed(let checksum)? = outcomes[0] else { return nil }
        return .completed(checksum: checksum)
    }

    private mutating func isReady(_ message: Ready, _ rank: Int, now: Double) -> [RunBoard.Effect] {
        guard case .preparing = stage else { return [] }
        ready[rank] = message
        guard ready.count == members.count, let first = ready[0] else { return [] }
        for rank in members.indices {
            guard let other = ready[rank] else { continue }
            if other.dataChecksum != first.dataChecksum || other.parameters != first.parameters {
                return stop(
                    .failed("rank \(rank) has other data or another model than rank 0"), now: now)
            }
        }
        stage = .running
        steps = first.steps
        let endpoints = members.indices.compactMap { ready[$0]?.endpoint }
        return [.prepared(run: request.id, parameters: first.parameters)]
            + members.map { .send($0, .start(run: request.id, endpoints: endpoints)) }
    }

    private mutating func took(
        _ records: [StepRecord], _ rank: Int, now: Double
    ) -> [RunBoard.Effect] {
        var effects = [RunBoard.Effect.steps(run: request.id, rank: rank, records)]
        guard rank < request.workers else { return effects }
        for record in records {
            losses[record.step, default: [:]][rank] = record.loss
            if let checksum = record.checksum {
                effects += compare(checksum, rank, step: record.step, now: now)
            }
        }
        advance()
        if rank == 0 { measure(records) }
        return effects
    }

    /// The latest step that every worker has reported, and its mean loss.
    private mutating func advance() {
        while let known = losses[step], known.count == request.workers {
            loss =
                (0..<request.workers).compactMap { known[$0] }.reduce(0, +)
                / Double(request.workers)
            losses[step] = nil
            step += 1
        }
    }

    private mutating func measure(_ records: [StepRecord]) {
        let nanoseconds = records.reduce(0) { $0 + $1.total }
        guard nanoseconds > 0 else { return }
        let samples = Double(records.count * request.workers * request.batch)
        samplesPerSecond = samples / (Double(nanoseconds) / 1e9)
    }

    /// Replicas must agree to the bit.
    private mutating func compare(
        _ checksum: UInt64, _ rank: Int, step: Int, now: Double
    ) -> [RunBoard.Effect] {
        checksums[step, default: [:]][rank] = checksum
        guard let known = checksums[step], known.count == request.workers else { return [] }
        checksums[step] = nil
        guard let first = known[0],
            let other = (0..<request.workers).first(where: { known[$0] != first })
        else { return [] }
        return stop(
            .failed("rank \(other) has other parameters than rank 0 after step \(step)"), now: now)
    }

    private mutating func evaluated(_ part: EvaluationPart, _ rank: Int) -> [RunBoard.Effect] {
        evaluations[part.step, default: [:]][rank] = part
        guard let parts = evaluations[part.step], parts.count == request.workers else { return [] }
        evaluations[part.step] = nil
        let ordered = (0..<request.workers).compactMap { parts[$0] }
        let count = Double(ordered.reduce(0) { $0 + $1.count })
        guard count > 0 else { return [] }
        return [
            .evaluated(
                run: request.id, step: part.step, seconds: ordered.map(\.seconds).max() ?? 0,
                loss: ordered.reduce(0) { $0 + $1.lossSum } / count,
                accuracy: Double(ordered.reduce(0) { $0 + $1.correct }) / count)
        ]
    }

    private mutating func ended(_ outcome: Outcome, _ rank: Int, now: Double) -> [RunBoard.Effect] {
        outcomes[rank] = outcome
        switch outcome {
        case .completed: return []
        case .failed(let reason): return stop(.failed("rank \(rank): \(reason)"), now: now)
        case .cancelled:
            return stop(.failed("rank \(rank) ended before the run did"), now: now)
        }
    }
}
