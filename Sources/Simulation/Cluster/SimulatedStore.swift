import Membership
import Wire

/// What a simulated coordinator has on disk, and what it has not committed yet.
struct SimulatedStore {
    struct Row: Hashable {
        var generation: UInt32
        var rank: Int
        var step: Int
    }

    private(set) var rows: [Row] = []
    private(set) var evaluations: [Int] = []
    private(set) var isBegun = false
    private(set) var ending: RunBoard.Ending?
    private(set) var identity: UInt64?
    private(set) var generations: [RunBoard.Orphan.Generation] = []
    private(set) var rewinds = 0
    private var openRows: [Row] = []
    private var openEvaluations: [Int] = []

    /// Changes of the run's state are committed at once, with what came before; rows gather.
    mutating func take(_ effect: RunBoard.Effect) {
        switch effect {
        case .began: isBegun = true
        case .formed(_, let identity, let generation, let firstStep, let members):
            commit()
            self.identity = identity
            let ranks = members.map { ($0.hello.name, $0.rank) }
            generations.append(
                RunBoard.Orphan.Generation(
                    number: generation, firstStep: firstStep,
                    ranks: Dictionary(ranks) { first, _ in first }))
        case .steps(_, let rank, let records):
            for record in records {
                openRows.append(
                    Row(generation: UInt32(record.loss ?? -1), rank: rank, step: record.step))
            }
        case .evaluated(_, let step, _, _, _): openEvaluations.append(step)
        case .rewound(_, let step):
            commit()
            rows.removeAll { $0.step >= step }
            evaluations.removeAll { $0 > step }
            rewinds += 1
        case .ended(_, let how):
            commit()
            if ending == nil { ending = how }
        case .send, .prepared, .clocked, .observed, .checkpointed, .recovered, .event, .refused:
            break
        }
    }

    mutating func commit() {
        // What is told again replaces what is there, as the store's primary key has it.
        let told = Set(openRows.map { [$0.rank, $0.step] })
        rows.removeAll { told.contains([$0.rank, $0.step]) }
        rows += openRows
        evaluations.removeAll { openEvaluations.contains($0) }
        evaluations += openEvaluations
        forgetOpen()
    }

    /// The coordinator has died.
    mutating func forgetOpen() {
        openRows = []
        openEvaluations = []
    }

    /// What the next coordinator finds: a run that was going on.
    func orphan(of request: RunBoard.Request) -> RunBoard.Orphan? {
        guard isBegun, ending == nil, let identity, let newest = generations.last else {
            return nil
        }
        let reached = newest.ranks.values.map { rank in
            (rows.filter { $0.rank == rank }.map(\.step).max() ?? -1) + 1
        }
        var request = request
        request.identity = identity
        return RunBoard.Orphan(
            request: request, generations: generations, step: reached.min() ?? 0,
            evaluated: Set(evaluations))
    }
}
