/// Where one node's time goes in a step.
public struct RankPhases: Codable, Equatable, Sendable {
    /// A server's rank is the number of workers.
    public var rank: Int
    /// Whether it is a worker.
    public var isWorker: Bool
    /// Steps that the medians are over.
    public var steps: Int
    /// Medians over its steps, the first two of a longer run left out.
    public var milliseconds: StepMilliseconds

    /// Memberwise.
    public init(rank: Int, isWorker: Bool, steps: Int, milliseconds: StepMilliseconds) {
        self.rank = rank
        self.isWorker = isWorker
        self.steps = steps
        self.milliseconds = milliseconds
    }

    /// One for each rank of a run, by rank.
    ///
    /// - Parameter steps: by rank, then step, as the store gives them.
    package static func of(_ steps: [StepRow], workers: Int) -> [RankPhases] {
        let ranks = Dictionary(grouping: steps, by: \.rank).sorted { $0.key < $1.key }
        return ranks.map { rank, rows in
            let warm = rows.count > 10 ? Array(rows.dropFirst(2)) : rows
            return RankPhases(
                rank: rank, isWorker: rank < workers, steps: warm.count,
                milliseconds: StepMilliseconds { phase in
                    RunSummary.median(warm.map { $0[keyPath: phase] }).map { $0 / 1e6 }
                })
        }
    }
}

extension RunStore {
    /// Where every node's time goes in a step of a run; none where no step is recorded.
    ///
    /// - Throws: `StoreError.unknownRun` when there is no such run.
    public func phases(run: Int64) throws(StoreError) -> [RankPhases] {
        try read("reading phases of run \(run)") { database in
            let row = try Self.comparisonRow(run, in: database)
            return RankPhases.of(try Self.steps(run, in: database), workers: row.workers)
        }
    }
}
