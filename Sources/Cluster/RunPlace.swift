import Collectives
import Compression
import Datasets
import Experiment
import Foundation
import NeuralNetwork
import Wire
import ZeroMQ

/// One node's place in one generation of a run: its replica, and the sockets to its peers.
final class RunPlace {
    let replica: Replica
    let assignment: Assignment
    let exchange: any RunExchange
    let phases = PhaseClock()
    let mailbox: Mailbox
    /// What was told of strangers' frames.
    private var reported = ByteMeter()

    /// Opens the data plane; peers are met in `connect`.
    init(
        _ replica: Replica, _ assignment: Assignment, options: DaemonOptions, context: Context,
        mailbox: Mailbox
    ) throws {
        self.replica = replica
        self.assignment = assignment
        self.mailbox = mailbox
        let variant = replica.variant
        let transport = try DataTransport.choose(variant, assignment)
        var plane = DataPlaneOptions(
            nodes: assignment.worldSize + (variant.topology == .server ? 1 : 0),
            frameBytes: transport == .shm
                ? min(variant.chunkBytes, transport.frameBytes) : variant.chunkBytes)
        plane.wholeBytes = 4 * replica.method.wholeWords
        plane.host = try HostAddress.advertised(
            host: options.host, coordinator: options.coordinator)
        plane.ports = options.dataPorts
        plane.security = options.security
        plane.link = variant.link.map {
            EmulatedLink(
                bitsPerSecond: $0.bandwidthBitsPerSecond, latencySeconds: $0.latencySeconds)
        }
        plane.deadlineMilliseconds = Int(variant.deadlineSeconds * 1000)
        let (run, generation) = (assignment.run, assignment.generation)
        let exchange = RunExchangeOptions(
            transport: transport, plane: plane, rank: assignment.rank,
            worldSize: assignment.worldSize, topology: variant.topology.collective,
            session: .init(
                run: assignment.identity, generation: generation,
                pieceWords: max(1, variant.chunkBytes / 4),
                chunkWords: max(1, plane.frameBytes / 4),
                windowWords: transport.windowBytes(frameBytes: plane.frameBytes) / 4,
                deadlineMilliseconds: plane.deadlineMilliseconds),
            cancellation: { [mailbox] in mailbox.interruption(of: run, generation: generation) })
        let overlaps = !replica.isServer && variant.exchange?.overlap == true
        self.exchange =
            overlaps
            ? try ExchangeThread(exchange, context: context, phases: phases)
            : try TrainingThreadExchange(exchange, context: context, phases: phases)
    }

    deinit {
        // Model and method, whose memory the exchange may still use, live until here.
        exchange.close()
    }

    var variant: Variant { replica.variant }
    var dataset: Dataset { replica.dataset }
    var model: Model { replica.model }
    var method: any ExchangeMethod { replica.method }
    var layout: GradientLayout { replica.layout }
    var totalSteps: Int { replica.totalSteps }

    /// Operations over the data sockets.
    var collective: any Collective { exchange.collective }

    /// What the coordinator is told when the node is prepared.
    var ready: Ready {
        Ready(
            run: assignment.run, identity: assignment.identity,
            generation: assignment.generation, rank: assignment.rank,
            endpoint: exchange.endpoint, parameters: model.parameterCount, steps: totalSteps,
            dataChecksum: dataset.checksum)
    }

    /// Takes every step that is left and says how it ended.
    func train() throws -> Outcome {
        // Before the outcome, so that a run has it on record when it ends.
        defer { reportStrangers() }
        try Seeding(self).run()
        if replica.isServer {
            try ServerLoop(self).run()
            return .completed(checksum: 0)
        }
        let loop = try TrainingLoop(self)
        return .completed(checksum: try loop.run())
    }

    /// What happens before a step: the experiment's faults.
    func beginStep(_ step: Int) {
        replica.noteBegun(step)
        replica.faults.strike(beforeStep: step, generation: assignment.generation)
    }

    /// What happens after a step and its evaluation: its state is kept.
    ///
    /// - Parameter nanoseconds: the training clock.
    /// - Throws: `CollectiveError.cancelled` when the coordinator has asked for something else.
    func endStep(_ position: DataPosition, trained nanoseconds: Int64) throws {
        if let reason = interruption { throw CollectiveError.cancelled(reason) }
        replica.keep(position, trained: nanoseconds)
        replica.writeCheckpointIfDue()
    }

    private var interruption: String? {
        mailbox.interruption(of: assignment.run, generation: assignment.generation)
    }

    /// Whether an evaluation follows after so many steps.
    func evaluates(after steps: Int) -> Bool {
        if steps == totalSteps { return true }
        guard let every = variant.evaluate.every else { return false }
        return steps % every == 0
    }

    /// Whether the state that the generation goes on from is evaluated once more, because what was
    /// told of it is lost.
    var repeatsEvaluation: Bool {
        guard let origin = assignment.origin, origin.lacksEvaluation, origin.state.step > 0
        else { return false }
        return evaluates(after: origin.state.step)
    }

    /// Whether a step is observed.
    func observes(_ step: Int) -> Bool {
        variant.observe.map { (step + 1) % $0.every == 0 } ?? false
    }

    /// Tells of frames that were not of this run and generation, each of them once.
    func reportStrangers() {
        let meter = exchange.meter
        let (rejected, dropped) = (
            meter.rejected - reported.rejected, meter.dropped - reported.dropped
        )
        guard rejected + dropped > 0 else { return }
        reported = meter
        mailbox.send(
            .notice(
                run: assignment.run, kind: "strange frames",
                detail: "generation \(assignment.generation), rank \(assignment.rank): "
                    + "\(rejected) that were no frames, \(dropped) of another run, generation or "
                    + "operation, or twice"))
    }
}
