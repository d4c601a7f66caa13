/// The figures of a finished run, computed once from its steps and evaluations.
package struct RunSummary: Equatable, Sendable {
    /// The facts of a run that its figures depend on.
    package struct Facts: Equatable, Sendable {
        package var workers: Int
        package var batch: Int
        package var topology: String
        package var parameters: Int?
        package var target: Double?
        /// Generations of the run's membership, the oldest first; empty where they are not on record.
        package var worlds: [World]

        package init(
            workers: Int, batch: Int, topology: String, parameters: Int?, target: Double?,
            worlds: [World] = []
        ) {
            self.workers = workers
            self.batch = batch
            self.topology = topology
            self.parameters = parameters
            self.target = target
            self.worlds = worlds
        }

        /// How many workers took a step, also where not all of them have told of it.
        func workers(at step: Int, telling rows: Int) -> Int {
            worlds.last { $0.firstStep <= step }.map { max($0.workers, rows) } ?? rows
        }
    }

    /// A generation of a run's membership.
    package struct World: Equatable, Sendable {
        /// Steps done when it began.
        package var firstStep: Int
        package var workers: Int

        package init(firstStep: Int, workers: Int) {
            self.firstStep = firstStep
            self.workers = workers
        }
    }

    /// Steps that at least one worker recorded.
    package var steps = 0
    /// The slowest worker's sum of step times: the training clock, evaluations excluded.
    package var seconds: Double?
    /// Batch x worker steps / seconds: workers x batch x steps / seconds when nobody left.
    package var samplesPerSecond: Double?
    package var stepMilliseconds = StepMilliseconds()
    package var bytesSentPerWorkerStep: Double?
    package var bytesReceivedPerWorkerStep: Double?
    /// Sent plus received; `nil` without a server.
    package var serverBytesPerStep: Double?
    /// Dense bytes of the same topology / sent bytes; `nil` for one worker, who sends nothing.
    package var compression: Double?
    package var finalLoss: Double?
    package var finalAccuracy: Double?
    package var bestAccuracy: Double?
    package var secondsToTarget: Double?
    package var bytesToTarget: Int64?
    /// First step whose loss was not finite, when the run ended that way.
    package var divergedAt: Int?

    /// Computes every figure.
    ///
    /// - Parameters:
    ///   - steps: every recorded step; ranks below `facts.workers` are workers, others servers.
    ///   - evaluations: in any order; those of the split `test` count.
    package init(of facts: Facts, steps: [StepRow], evaluations: [EvaluationRow]) {
        let workers = steps.filter { $0.rank < facts.workers }
        measureSpeed(facts, workers)
        measureBytes(facts, workers, servers: steps.filter { $0.rank >= facts.workers })
        measureLearning(
            facts, workers,
            evaluations.filter { $0.split == "test" }.sorted { $0.step < $1.step })
    }

    /// Bytes a worker sends per step when it exchanges `parameters` 4-byte words uncompressed: all
    /// of them to a server; 2(P-1)/P of them on ring and halving-doubling, and on a tree in the
    /// mean over its workers.
    package static func denseBytes(parameters: Int, workers: Int, topology: String) -> Double? {
        guard workers > 1 else { return nil }
        let whole = 4 * Double(parameters)
        return topology == "server" ? whole : 2 * Double(workers - 1) / Double(workers) * whole
    }

    /// The middle of the values, or the mean of the two middle ones; `nil` of none.
    package static func median(_ values: [Int64]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        if sorted.count % 2 == 1 { return Double(sorted[middle]) }
        return (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2
    }

    private mutating func measureSpeed(_ facts: Facts, _ rows: [StepRow]) {
        steps = Set(rows.map(\.step)).count
        var nanoseconds: [Int: Int64] = [:]
        for row in rows {
            let sum = nanoseconds[row.rank, default: 0]
            nanoseconds[row.rank] = sum.addingClamped(row.totalNanoseconds)
        }
        guard let slowest = nanoseconds.values.max(), let first = rows.map(\.step).min() else {
            return
        }
        let clock = Double(slowest) / 1e9
        seconds = clock
        let taken = Self.members(facts, rows).values.reduce(0, +)
        if clock > 0 { samplesPerSecond = Double(facts.batch) * Double(taken) / clock }
        // The first two steps of a longer run fill caches and connections: not in the medians.
        let warm = steps > 10 ? rows.filter { $0.step >= first.addingClamped(2) } : rows
        stepMilliseconds = StepMilliseconds { phase in
            Self.median(warm.map { $0[keyPath: phase] }).map { $0 / 1e6 }
        }
    }

    private mutating func measureBytes(_ facts: Facts, _ rows: [StepRow], servers: [StepRow]) {
        guard !rows.isEmpty else { return }
        let sent = rows.reduce(0) { $0 + Double($1.bytesSent) } / Double(rows.count)
        bytesSentPerWorkerStep = sent
        bytesReceivedPerWorkerStep =
            rows.reduce(0) { $0 + Double($1.bytesReceived) } / Double(rows.count)
        if !servers.isEmpty {
            let moved = servers.reduce(0) { $0 + Double($1.bytesSent) + Double($1.bytesReceived) }
            serverBytesPerStep = moved / Double(Set(servers.map(\.step)).count)
        }
        compression = denseBytes(facts, rows).map { $0 / sent }
        if sent == 0 { compression = nil }
    }

    /// What the mean row would have sent densely, among as many workers as took its step: they may
    /// have become fewer.
    private func denseBytes(_ facts: Facts, _ rows: [StepRow]) -> Double? {
        guard let parameters = facts.parameters else { return nil }
        let members = Self.members(facts, rows)
        var steps: [Int: Int] = [:]
        for count in members.values { steps[count, default: 0] += 1 }
        var total = 0.0
        for (count, times) in steps.sorted(by: { $0.key < $1.key }) {
            let each = Self.denseBytes(
                parameters: parameters, workers: count, topology: facts.topology)
            guard let each else { continue }
            total += each * Double(count * times)
        }
        return total > 0 ? total / Double(members.values.reduce(0, +)) : nil
    }

    /// How many workers took each step.
    private static func members(_ facts: Facts, _ rows: [StepRow]) -> [Int: Int] {
        var told: [Int: Int] = [:]
        for row in rows { told[row.step, default: 0] += 1 }
        guard !facts.worlds.isEmpty else { return told }
        return Dictionary(
            uniqueKeysWithValues: told.map { ($0, facts.workers(at: $0, telling: $1)) })
    }

    private mutating func measureLearning(
        _ facts: Facts, _ rows: [StepRow], _ evaluations: [EvaluationRow]
    ) {
        if let last = rows.map(\.step).max() {
            let window = rows.filter { $0.step > last.subtractingClamped(max(1, steps / 10)) }
            let losses = window.compactMap(\.loss).filter(\.isFinite)
            if losses.count == window.count {
                finalLoss = losses.reduce(0, +) / Double(losses.count)
            } else {
                divergedAt = rows.filter { !($0.loss?.isFinite ?? false) }.map(\.step).min()
            }
        }
        if let last = evaluations.last, !(last.loss?.isFinite ?? false) {
            divergedAt = divergedAt ?? last.step
        }
        finalAccuracy = evaluations.last?.accuracy
        bestAccuracy = evaluations.compactMap(\.accuracy).max()
        guard let target = facts.target,
            let reached = evaluations.first(where: { ($0.accuracy ?? -1) >= target })
        else { return }
        secondsToTarget = reached.seconds
        // An evaluation's step counts the steps done, which are numbered from 0.
        bytesToTarget = rows.reduce(0) {
            $1.step < reached.step ? $0.addingClamped($1.bytesSent) : $0
        }
    }
}
