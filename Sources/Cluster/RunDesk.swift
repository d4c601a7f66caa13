import Experiment
import Foundation
package import Membership
import NeuralNetwork
package import RunStore
import Sketching
package import Wire

/// Where runs come to the board from: clients, checkpoints, and a coordinator that ended.
package struct RunDesk {
    private let store: RunStore
    private let facts = HostFacts(blas: BLAS.coreName, engine: Engine.preferred.summary)
    private let revision = GitRevision.current()

    /// Runs come from and go to this store.
    package init(store: RunStore) {
        self.store = store
    }

    /// Queues new runs.
    package func submit(_ requests: [RunRequest], to board: inout RunBoard) throws -> ControlMessage
    {
        var variants: [Variant] = []
        for request in requests {
            do {
                variants.append(try Variant(json: request.config))
            } catch {
                return .refused(reason: "\(request.experiment): \(error)")
            }
        }
        var runs: [Int64] = []
        for (request, variant) in zip(requests, variants) {
            let description = RunDescription(request, variant, facts: facts, revision: revision)
            let run = try store.createRun(description)
            runs.append(run)
            board.submit(
                RunBoard.Request(run, description, variant, identity: .random(in: 1 ... .max)))
        }
        return .accepted(runs: runs)
    }

    /// Queues a run that ended before its last step, to go on from its checkpoints.
    package func resume(_ run: Int64, to board: inout RunBoard) throws -> ControlMessage {
        let detail: RunDetail
        let resumption: RunBoard.Resumption?
        do throws(StoreError) {
            detail = try store.detail(run: run)
            resumption = try self.resumption(of: run, detail.nodes)
        } catch {
            guard error.isNotEnoughData else { throw error }
            return .refused(reason: error.description)
        }
        guard let variant = Self.variant(detail.description.config) else {
            return .refused(reason: "run \(run): its configuration is not understood")
        }
        guard let resumption else {
            return .refused(
                reason: "run \(run): no complete checkpoint is recorded; an experiment writes them "
                    + "with checkpoint: {every: N}")
        }
        do throws(StoreError) {
            try store.reopen(run: run)
        } catch {
            guard case .notResumable = error else { throw error }
            return .refused(reason: error.description)
        }
        var request = RunBoard.Request(
            run, detail.description, variant, identity: .random(in: 1 ... .max))
        request.resumption = resumption
        board.submit(request)
        return .accepted(runs: [run])
    }

    /// Why nothing can be noted of a run: there is none of that number.
    func refusal(ofNoteOn run: Int64) throws -> ControlMessage? {
        do throws(StoreError) {
            try store.require(run: run)
            return nil
        } catch {
            guard error.isNotEnoughData else { throw error }
            return .refused(reason: error.description)
        }
    }

    /// Takes over what an earlier coordinator left: the running run with its members, and the queue.
    ///
    /// - Returns: lines for people.
    package func takeOver(
        into board: inout RunBoard, after succession: Succession, now: Double
    ) throws -> [String] {
        var lines: [String] = []
        for left in try store.unfinishedRuns() {
            guard let variant = Self.variant(left.description.config) else {
                _ = try store.markInterrupted(run: left.run)
                continue
            }
            var request = RunBoard.Request(
                left.run, left.description, variant,
                identity: left.identity ?? .random(in: 1 ... .max))
            request.wasResumed = try store.recoveries(run: left.run).contains {
                $0.cause == .resumed
            }
            guard left.status == .running, board.active == nil, left.identity != nil else {
                request.resumption = try resumption(of: left.run, left.history)
                board.submit(request)
                lines.append("run \(left.run) is queued again")
                continue
            }
            var orphan = try orphan(left, request)
            orphan.lastHeard = succession.lastWritten.map { Succession.moment($0, now: now) }
            orphan.injectedAt = Succession.injected(
                variant.faults, events: try store.events(run: left.run)
            ).map { Succession.moment($0, now: now) }
            board.adopt(orphan, now: now)
            lines.append("run \(left.run) was running; its members have 30 s to come back")
        }
        return lines
    }

    /// Generations as they are on record; where a first step is not, nothing of older ones stands.
    private static func generations(_ nodes: [NodeRow]) -> [RunBoard.Orphan.Generation] {
        Dictionary(grouping: nodes, by: \.generation).sorted { $0.key < $1.key }.map {
            number, nodes in
            RunBoard.Orphan.Generation(
                number: UInt32(clamping: number), firstStep: nodes.first?.firstStep ?? 0,
                ranks: Dictionary(nodes.map { ($0.name, $0.rank) }) { first, _ in first },
                keys: keys(of: nodes))
        }
    }

    /// What a run goes on from that was begun once, if every rank's checkpoint of a step is on record.
    ///
    /// - Parameter nodes: of every generation that it has had.
    private func resumption(
        of run: Int64, _ nodes: [NodeRow]
    ) throws(StoreError) -> RunBoard.Resumption? {
        let newest = Self.newestComplete(try store.checkpoints(run: run))
        guard let checkpoint = newest.first else { return nil }
        let generation = nodes.map(\.generation).max() ?? 0
        let newestChange = max(UInt32(clamping: generation), try lastChange(of: run))
        let members = nodes.filter { $0.generation == generation }
        let writers = Self.writers(of: checkpoint, among: nodes)
        let keys = Self.keys(of: members).merging(Self.keys(of: writers)) { $1 }
        var resumption = RunBoard.Resumption(
            generation: newestChange, worldSize: checkpoint.world,
            names: writers.map(\.name), keys: keys,
            evaluated: Set(try store.evaluations(run: run).map(\.step)))
        resumption.path = checkpoint.path
        resumption.reached = try store.stepsReached(run: run)
        resumption.worldBefore = members.count { $0.role == "worker" }
        return resumption
    }

    /// Who wrote a checkpoint, by rank: the last generation that took the step before it. Where it
    /// cannot be told, because first steps are not on record, that is taken for the newest one.
    private static func writers(of checkpoint: CheckpointRow, among nodes: [NodeRow]) -> [NodeRow] {
        let began = nodes.filter { $0.firstStep ?? 0 < checkpoint.step }
        let generation = began.map(\.generation).max() ?? 0
        return began.filter { $0.generation == generation }.sorted { $0.rank < $1.rank }
    }

    /// The keys that nodes came with, by name.
    private static func keys(of nodes: [NodeRow]) -> [String: String] {
        nodes.reduce(into: [:]) { $0[$1.name] = $1.publicKey }
    }

    private func orphan(
        _ left: UnfinishedRun, _ request: RunBoard.Request
    ) throws -> RunBoard.Orphan {
        let steps = left.nodes.map { left.newestSteps[$0.rank].map { $0.addingClamped(1) } ?? 0 }
        return RunBoard.Orphan(
            request: request, generations: Self.generations(left.history),
            step: steps.min() ?? 0,
            evaluated: Set(try store.evaluations(run: left.run).map(\.step)),
            lastChange: try lastChange(of: left.run))
    }

    /// The newest number of a change on record, be it a generation's or not.
    private func lastChange(of run: Int64) throws(StoreError) -> UInt32 {
        UInt32(clamping: try store.recoveries(run: run).map(\.generation).max() ?? 0)
    }

    private static func variant(_ config: String) -> Variant? {
        try? Variant(json: config)
    }

    /// The ranks' checkpoints of the newest step that every worker has one of. Some who were more
    /// workers may have written theirs of a step that fewer did again.
    private static func newestComplete(_ rows: [CheckpointRow]) -> [CheckpointRow] {
        let parts = Dictionary(grouping: rows) { [$0.step, $0.world] }
        let complete = parts.values.filter { rows in
            let (world, ranks) = (rows.first?.world ?? 0, Set(rows.map(\.rank)))
            return world > 0 && (0..<world).allSatisfy(ranks.contains)
        }
        return complete.max { ($0.first?.step ?? 0) < ($1.first?.step ?? 0) } ?? []
    }
}

extension RunBoard.Request {
    /// What the board needs to know of a run in the store.
    init(_ run: Int64, _ description: RunDescription, _ variant: Variant, identity: UInt64) {
        let reaction: MembershipPolicy.Reaction =
            switch variant.lossPolicy {
            case .abort: .abort
            case .regroup: .regroup
            case .wait: .wait
            }
        self.init(
            id: run, uuid: description.uuid, experiment: description.experiment,
            variant: variant.name, seed: description.seed, workers: variant.workers,
            batch: variant.batch, needsServer: variant.topology == .server,
            emulatesLink: variant.link != nil, config: description.config, identity: identity,
            policy: MembershipPolicy(
                onLoss: reaction, restartsServer: variant.serverLossPolicy == .restart,
                rejoinSeconds: variant.rejoinSeconds),
            steps: variant.steps ?? 0,
            hasFaults: variant.faults.contains { $0.strikesDaemon })
    }
}

extension Fault {
    /// Whether a daemon carries it out on itself; the rest is the launcher's.
    var strikesDaemon: Bool {
        switch action {
        case .kill, .pause, .slow: target != .coordinator
        case .restart: false
        }
    }
}

extension RunDescription {
    /// What the store keeps of a request.
    init(_ request: RunRequest, _ variant: Variant, facts: HostFacts, revision: String?) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let context = facts.context
        let host = (try? encoder.encode(facts)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        self.init(
            experiment: request.experiment, experimentText: request.experimentText,
            variant: variant.name, seed: request.seed, topology: variant.topology.rawValue,
            method: variant.methodSummary, methodName: variant.method.name,
            optimizer: variant.optimizer.summary, dataset: variant.dataset.rawValue,
            model: variant.model.rawValue, workers: variant.workers, batch: variant.batch,
            link: variant.link?.summary, target: variant.target?.accuracy, config: request.config,
            caseHash: Self.hash(variant.canonicalJSON), contextHash: Self.hash(context),
            gitRevision: revision, host: host, uuid: UUID().uuidString.lowercased(),
            context: context)
    }

    /// Of what was asked or what it runs on.
    static func hash(_ text: String) -> String {
        let value = Array(text.utf8).withUnsafeBytes { Checksum.of(bytes: $0) }
        return String(format: "%016lx", value)
    }
}
