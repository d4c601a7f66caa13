import Collectives
import Wire
import ZeroMQ

/// What one node exchanges with in one run: its data plane, and the collectives over it.
protocol RunExchange: AnyObject {
    /// Where peers reach this node.
    var endpoint: String { get }
    /// Operations over the data plane, for the training thread.
    var collective: any Collective { get }
    /// Traffic of the operations that are finished.
    var meter: ByteMeter { get }

    /// Connects to every peer's endpoint, in rank order; a server is last.
    func connect(_ endpoints: [String], rank: Int) throws

    /// Ends what may still be going on: afterwards nothing touches the run's buffers.
    func close()

    /// Writes what the exchange did behind other phases since the last call into a step's record.
    func countHidden(into record: inout StepRecord)
}

/// What a node's exchange is made of.
struct RunExchangeOptions: Sendable {
    var transport: DataTransport
    var plane: DataPlaneOptions
    var rank: Int
    var worldSize: Int
    var topology: CollectiveTopology
    var session: BlockingCollective.Session
    /// Why the run was cancelled, if it was.
    var cancellation: @Sendable () -> String?

    /// The collectives over an open data plane.
    func collective(
        over plane: any DataPlane, phases: any PhaseRecorder
    ) -> BlockingCollective {
        BlockingCollective(
            rank: rank, worldSize: worldSize, topology: topology, session: session,
            transport: plane, phases: phases)
    }
}

/// The training thread's own: an operation is complete when its call returns.
final class TrainingThreadExchange: RunExchange {
    private let plane: any DataPlane
    private let blocking: BlockingCollective

    init(
        _ options: RunExchangeOptions, context: Context, phases: any PhaseRecorder
    ) throws {
        plane = try options.transport.open(
            options.plane, context: context, cancellation: options.cancellation)
        blocking = options.collective(over: plane, phases: phases)
    }

    var endpoint: String { plane.endpoint }
    var collective: any Collective { blocking }
    var meter: ByteMeter { plane.meter.taking(blocking) }

    func connect(_ endpoints: [String], rank: Int) throws {
        try plane.connect(endpoints, rank: rank)
    }

    func close() {}

    func countHidden(into record: inout StepRecord) {}
}
