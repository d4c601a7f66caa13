import Collectives
import Membership
import Wire

/// What is asked of a run that has ended.
extension ClusterSimulation {
    /// A daemon has died, or the run is over: what it has not handed in may be missing.
    func excuse(_ member: SimulatedMember<Member>) {
        lostRows.formUnion(member.unrecorded)
        lostEvaluations.formUnion(member.unrecordedEvaluations)
    }

    /// What older generations left open of an evaluation is kept in a coordinator's mind only.
    func excuseOpenEvaluations() {
        lostEvaluations.formUnion(1..<max(1, coordinator.store.generations.last?.firstStep ?? 1))
    }

    func judge() throws(ClusterViolation) {
        switch coordinator.store.ending {
        case .completed(let checksum):
            guard checksum == oracle.finalChecksum else {
                throw violation(
                    .equalReplicas, "the run completed with a checksum of other parameters")
            }
            try judgeRows()
            try judgeEvaluations()
        case .failed(let reason):
            let mayEnd = !scenario.mustComplete || reason == ActiveRun.stateIsLost
            guard mayEnd else { throw violation(.completion, reason) }
        case .cancelled(let reason): throw violation(.completion, "cancelled: \(reason)")
        case nil where waitsInQueue: return
        case nil: throw violation(.bound, "the run has not ended")
        }
    }

    private func judgeRows() throws(ClusterViolation) {
        // Who is still cut off has not delivered.
        let undelivered = nodes.compactMap { $0.member?.unrecorded }.reduce(into: lostRows) {
            $0.formUnion($1)
        }
        let byStep = Dictionary(grouping: coordinator.store.rows, by: \.step)
        for step in 0..<scenario.steps {
            guard let author = oracle.author(of: step) else {
                throw violation(.rows, "nobody took step \(step)")
            }
            let rows = byStep[step] ?? []
            for rank in 0..<author.nodes {
                let lost = SimulatedStore.Row(
                    generation: author.generation, rank: rank, step: step)
                let recorded = recordedRank(rank, among: author.nodes)
                let count = rows.count {
                    $0.generation == author.generation && $0.rank == recorded
                }
                guard count <= 1,
                    count == 1 || undelivered.contains(lost) || !takenSteps.contains(lost)
                else {
                    throw violation(
                        .rows,
                        "step \(step) of rank \(rank), generation \(author.generation), has "
                            + "\(count) rows")
                }
            }
            if let stranger = rows.first(where: {
                $0.generation != author.generation
                    || !recordedRanks(among: author.nodes).contains($0.rank)
            }) {
                throw violation(
                    .rows,
                    "step \(step) was taken by generation \(author.generation); there is a row of "
                        + "rank \(stranger.rank), generation \(stranger.generation)")
            }
        }
        if let beyond = byStep.keys.first(where: { $0 >= scenario.steps }) {
            throw violation(.rows, "there is a row of step \(beyond) of \(scenario.steps)")
        }
    }

    /// On record a server has the rank that it has when no worker is missing.
    private func recordedRank(_ rank: Int, among nodes: Int) -> Int {
        scenario.topology == .star && rank == nodes - 1 ? scenario.workers : rank
    }

    func recordedRanks(among nodes: Int) -> [Int] {
        (0..<nodes).map { recordedRank($0, among: nodes) }
    }

    /// The last one is always there: whoever goes on from the last state makes it again.
    private func judgeEvaluations() throws(ClusterViolation) {
        for step in 1...scenario.steps {
            let count = coordinator.store.evaluations.count { $0 == step }
            let mayLack = step < scenario.steps && lostEvaluations.contains(step)
            let allowed = scenario.evaluates(after: step) ? (mayLack ? 0 : 1)...1 : 0...0
            guard allowed.contains(count) else {
                throw violation(.rows, "the evaluation after step \(step) has \(count) rows")
            }
        }
    }
}

extension Scenario {
    /// Whether an evaluation follows after so many steps.
    func evaluates(after step: Int) -> Bool { step % evaluationSteps == 0 || step == steps }

    /// What the coordinator is asked to run.
    var request: RunBoard.Request {
        RunBoard.Request(
            id: 1, uuid: "simulated", experiment: "simulated", variant: topology.rawValue,
            seed: seed, workers: workers, batch: batch, needsServer: topology == .star,
            emulatesLink: false, config: "{}", identity: seed | 1, policy: policy, steps: steps)
    }

    /// Whether nothing befalls that would excuse a run that fails.
    var mustComplete: Bool {
        if faults.allSatisfy({ $0.isOfCoordinator }) { return true }
        if faults.allSatisfy({ $0.losesWords }), wordsComeInTime { return true }
        guard policy.onLoss != .abort, serverComesBack else { return false }
        let untouched = (0..<(workers + spares)).count { !isTouched($0) }
        guard untouched > spares else { return false }
        return policy.onLoss == .regroup || goneForGood <= spares
    }

    /// Whether a word that was lost, and lost again in every other window, is heard before a peer
    /// that waits for what follows from it gives up.
    private var wordsComeInTime: Bool {
        let beats = Double(faults.count { $0.losesWords }) + 1
        return beats * Heartbeat().patienceSeconds / 3 + 0.5 < exchangeDeadline
    }

    /// Whether something befalls a node itself or its line to the coordinator.
    private func isTouched(_ node: Int) -> Bool {
        var kinds: Set<Fault.Kind> = [.crash, .pause, .partition, .controlCut]
        if !wordsComeInTime { kinds.formUnion([.lineReset, .wordLoss]) }
        return faults.contains { kinds.contains($0.kind) && $0.nodes.contains(node) }
    }

    private var serverComesBack: Bool {
        guard topology == .star else { return true }
        let server = nodes - 1
        guard isTouched(server) else { return true }
        let isGone = faults.contains {
            $0.kind == .crash && $0.nodes.contains(server) && $0.seconds == nil
        }
        return policy.restartsServer && !isGone
    }

    /// Workers that die and are not started again.
    private var goneForGood: Int {
        (0..<(workers + spares)).count { node in
            faults.last { $0.kind == .crash && $0.nodes.contains(node) }?.seconds == nil
                && faults.contains { $0.kind == .crash && $0.nodes.contains(node) }
        }
    }
}

extension Fault {
    /// Whether it befalls the coordinator only.
    fileprivate var isOfCoordinator: Bool { kind == .coordinatorCrash || kind == .coordinatorPause }

    /// Whether nothing but words between the coordinator and a daemon gets lost, within a heartbeat.
    fileprivate var losesWords: Bool {
        kind == .wordLoss || kind == .reportLoss || kind == .lineReset
    }
}
