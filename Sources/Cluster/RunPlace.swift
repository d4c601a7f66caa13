import Collectives
import Compression
import Datasets
import Experiment
import Foundation
import NeuralNetwork
import Wire
import ZeroMQ

/// One node's place in one run: model, data, method and sockets, made from the assignment.
final class RunPlace {
    let assignment: Assignment
    let variant: Variant
    let dataset: Dataset
    let model: Model
    let exchange: any RunExchange
    let method: any ExchangeMethod
    let phases = PhaseClock()
    let mailbox: Mailbox
    let totalSteps: Int
    let layout: GradientLayout

    /// Samples of one evaluation batch: no more than training has memory for, unless that is little.
    static func evaluationBatch(_ variant: Variant) -> Int { max(variant.batch, 32) }

    var isServer: Bool { assignment.rank == assignment.worldSize }

    /// Prepares everything that can fail before the first step.
    init(
        _ assignment: Assignment, options: DaemonOptions, shelf: DatasetShelf, context: Context,
        mailbox: Mailbox
    ) throws {
        self.assignment = assignment
        self.mailbox = mailbox
        let variant = try JSONDecoder().decode(
            Variant.self, from: Data(assignment.config.utf8))
        self.variant = variant
        let isServer = assignment.rank == assignment.worldSize
        dataset = try shelf.dataset(for: variant)
        totalSteps = Self.steps(of: variant, samples: dataset.train.count)
        model = try Self.model(variant, dataset, seed: assignment.seed, isServer: isServer)
        layout = GradientLayout(
            count: model.parameterCount, compressible: model.compressibleCount)
        method = try MethodFactory.make(
            variant, layout: layout, seed: assignment.seed, isServer: isServer)
        let link = variant.link.map {
            EmulatedLink(
                bitsPerSecond: $0.bandwidthBitsPerSecond, latencySeconds: $0.latencySeconds)
        }
        let run = assignment.run
        let transport = try DataTransport.choose(variant, assignment)
        var plane = DataPlaneOptions(
            nodes: assignment.worldSize + (variant.topology == .server ? 1 : 0),
            frameBytes: transport == .shm
                ? min(variant.chunkBytes, transport.frameBytes) : variant.chunkBytes)
        plane.host = options.host ?? HostAddress.reaching(options.coordinator)
        plane.link = link
        plane.security = options.security
        plane.deadlineMilliseconds = Int(variant.deadlineSeconds * 1000)
        let exchange = RunExchangeOptions(
            transport: transport, plane: plane, rank: assignment.rank,
            worldSize: assignment.worldSize, topology: variant.topology.collective,
            session: .init(
                run: assignment.identity, generation: assignment.generation,
                pieceWords: max(1, variant.chunkBytes / 4),
                chunkWords: max(1, plane.frameBytes / 4),
                windowWords: transport.windowBytes(frameBytes: plane.frameBytes) / 4,
                deadlineMilliseconds: plane.deadlineMilliseconds),
            cancellation: { [mailbox] in mailbox.cancellation(of: run) })
        let overlaps = !isServer && variant.exchange?.overlap == true
        self.exchange =
            overlaps
            ? try ExchangeThread(exchange, context: context, phases: phases)
            : try TrainingThreadExchange(exchange, context: context, phases: phases)
    }

    deinit {
        // Model and method, whose memory the exchange may still use, live until here.
        exchange.close()
    }

    /// Operations over the data sockets.
    var collective: any Collective { exchange.collective }

    /// What the coordinator is told when the node is prepared.
    var ready: Ready {
        Ready(
            run: assignment.run, rank: assignment.rank, endpoint: exchange.endpoint,
            parameters: model.parameterCount, steps: totalSteps, dataChecksum: dataset.checksum)
    }

    /// Takes every step and says how it ended.
    func train() throws -> Outcome {
        if isServer {
            try ServerLoop(self).run()
            return .completed(checksum: 0)
        }
        let loop = try TrainingLoop(self)
        return .completed(checksum: try loop.run())
    }

    /// Whether an evaluation follows after so many steps.
    func evaluates(after steps: Int) -> Bool {
        if steps == totalSteps { return true }
        guard let every = variant.evaluate.every else { return false }
        return steps % every == 0
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
