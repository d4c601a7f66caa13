import Checkpoints
import Compression
import Datasets
import Experiment
import Foundation
import Logging
import Membership
import NeuralNetwork
import Sketching
import Wire

/// What one node keeps of a run as long as it takes part: model, optimiser, method, and the states
/// that it can go back to. A server has the method's part only.
final class Replica {
    private(set) var assignment: Assignment
    let variant: Variant
    let dataset: Dataset
    let model: Model
    let layout: GradientLayout
    let totalSteps: Int
    let isServer: Bool
    /// Made anew for every generation, because it depends on the number of workers.
    private(set) var method: any ExchangeMethod
    /// The optimiser's momentum; `nil` where there is none, or the method carries it.
    let velocity: WorkBuffer?
    /// Where the data goes on.
    private(set) var position = DataPosition.start
    /// Steps begun in its place, the one that is going on, or was broken off, included. Who is gathered
    /// a second time before it has another place still tells them.
    private(set) var begunSteps = 0
    /// The training clock: time of the steps up to the position, evaluations excluded.
    private(set) var trainedNanoseconds: Int64 = 0
    let faults: FaultInjector
    private let history: StateHistory?
    private let checkpoints: CheckpointKeeper?

    /// Samples of one evaluation batch: no more than training has memory for, unless that is little.
    static func evaluationBatch(_ variant: Variant) -> Int { max(variant.batch, 32) }

    /// Prepares everything that can fail before the first step.
    init(
        _ assignment: Assignment, options: DaemonOptions, shelf: DatasetShelf, mailbox: Mailbox
    ) throws {
        self.assignment = assignment
        let variant = try Variant(json: assignment.config)
        self.variant = variant
        isServer = assignment.rank == assignment.worldSize
        dataset = try shelf.dataset(for: variant)
        totalSteps = Self.steps(of: variant, samples: dataset.train.count)
        model = try Self.model(variant, dataset, seed: assignment.seed, isServer: isServer)
        layout = GradientLayout(
            count: model.parameterCount, compressible: model.compressibleCount)
        method = try MethodFactory.make(
            variant, layout: layout, seed: assignment.seed, workers: assignment.worldSize,
            isServer: isServer)
        let keepsMomentum = variant.optimizer.momentum > 0 && !method.carriesMomentum
        velocity = keepsMomentum && !isServer ? WorkBuffer(count: model.parameterCount) : nil
        let mayGoBack = variant.lossPolicy != .abort || variant.serverLossPolicy == .restart
        history = mayGoBack ? StateHistory(beginsWithParameters: !isServer) : nil
        faults = FaultInjector(variant, assignment, options: options, mailbox: mailbox)
        checkpoints = CheckpointKeeper(variant, assignment, options: options, mailbox: mailbox)
    }

    /// Steps done.
    var step: Int { position.step }

    /// What the optimiser has, whether or not this node keeps it: all nodes must agree on it.
    var momentumCount: Int {
        variant.optimizer.momentum > 0 && !method.carriesMomentum ? model.parameterCount : 0
    }

    /// Every buffer whose content matters from one step to the next, in a fixed order.
    var parts: [CheckpointPart] {
        let own = method.state.map { CheckpointPart(name: $0.name, floats: $0.floats) }
        guard !isServer else { return own }
        var parts = [CheckpointPart(name: "parameters", floats: model.parameters)]
        if let velocity { parts.append(CheckpointPart(name: "momentum", floats: velocity.floats)) }
        if !model.statistics.isEmpty {
            parts.append(CheckpointPart(name: "statistics", floats: model.statistics))
        }
        return parts + own
    }

    /// Checksum of the parameters; 0 on a server.
    var checksum: UInt64 {
        isServer ? 0 : Checksum.of(UnsafeBufferPointer(model.parameters))
    }

    /// Whether it has taken a place in a generation yet.
    private(set) var hasBegun = false

    /// States to go back to, newest first.
    var heldStates: [HeldState] { (history?.kept ?? []) + (checkpoints?.recalled ?? []) }

    /// Where the checkpoints among them were looked for, in words.
    var searchedCheckpoints: String? { checkpoints?.searched }

    /// Takes a place in a generation: the method for its number of workers, and the state that it
    /// starts from.
    func begin(_ assignment: Assignment) throws {
        self.assignment = assignment
        if assignment.origin?.isResumed == true { faults.skipAll() }
        hasBegun = true
        method = try MethodFactory.make(
            variant, layout: layout, seed: assignment.seed, workers: assignment.worldSize,
            isServer: isServer)
        begunSteps = assignment.origin?.state.step ?? 0
        guard let origin = assignment.origin else { return keep(.start, trained: 0) }
        let start = DataPosition(
            step: origin.state.step, epoch: origin.state.epoch, offset: origin.state.offset)
        if origin.isNew {
            faults.skip(through: start.step)
            position = start
            return
        }
        let trained =
            try history?.restore(step: start.step, into: parts)
            ?? restoreCheckpoint(step: start.step)
        keep(start, trained: trained)
    }

    /// A step begins.
    func noteBegun(_ step: Int) { begunSteps = step + 1 }

    /// A step is done, its evaluation too: the state after it is one to go back to.
    func keep(_ position: DataPosition, trained nanoseconds: Int64) {
        self.position = position
        trainedNanoseconds = nanoseconds
        history?.keep(position, trained: nanoseconds, parts: parts)
    }

    /// Writes a checkpoint where one is due.
    func writeCheckpointIfDue() {
        guard let checkpoints, checkpoints.isDue(after: step), step < totalSteps else { return }
        checkpoints.write(
            assignment, position: position, trained: trainedNanoseconds, parts: parts,
            checksum: checksum)
    }

    /// Looks for the states that this rank has on disk, and reads their checksums.
    func recallCheckpoints(of assignment: Assignment) {
        checkpoints?.recall(assignment, into: parts, checksum: { checksum })
    }

    private func restoreCheckpoint(step: Int) throws -> Int64 {
        guard let checkpoints else {
            throw ClusterError("no state after step \(step) is held")
        }
        return try checkpoints.restore(step: step, into: parts)
    }

    private static func steps(of variant: Variant, samples: Int) -> Int {
        let perEpoch = samples / (variant.workers * variant.batch)
        if let epochs = variant.epochs { return max(1, Int(epochs * Double(perEpoch))) }
        return variant.steps ?? perEpoch
    }

    private static func model(
        _ variant: Variant, _ dataset: Dataset, seed: UInt64, isServer: Bool
    ) throws -> Model {
        try Model(
            variant.architecture, input: InputShape(dataset.shape),
            classes: dataset.shape.classes,
            maximumBatch: isServer ? 1 : evaluationBatch(variant), seed: seed,
            threads: isServer ? 1 : variant.threads)
    }
}
