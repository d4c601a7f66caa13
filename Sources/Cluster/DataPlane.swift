import Collectives
import Wire
import ZeroMQ

/// The data plane of one node in one run: its sockets, and the collectives that run over them.
protocol DataPlane: AnyObject {
    /// Where peers reach this node.
    var endpoint: String { get }
    /// Operations over the sockets, for the training thread.
    var collective: any Collective { get }
    /// Traffic of the operations that are finished.
    var meter: ByteMeter { get }

    /// Connects to every peer's endpoint, in rank order; a server is last.
    func connect(_ endpoints: [String], rank: Int) throws

    /// Writes what the exchange did behind other phases since the last call into a step's record.
    func countHidden(into record: inout StepRecord)
}

/// What a data plane is made of.
struct DataPlaneOptions: Sendable {
    var bind: String
    var link: EmulatedLink?
    var rank: Int
    var worldSize: Int
    var topology: CollectiveTopology
    var session: BlockingCollective.Session
    /// Why the run was cancelled, if it was.
    var cancellation: @Sendable () -> String?
}

/// Sockets of the training thread: an operation is complete when its call returns.
final class TrainingThreadPlane: DataPlane {
    private let mesh: DataMesh
    private let program: BlockingCollective

    init(
        _ options: DataPlaneOptions, context: Context, phases: any PhaseRecorder
    ) throws(ZeroMQError) {
        mesh = try DataMesh(
            bind: options.bind, context: context, link: options.link,
            cancellation: options.cancellation)
        program = BlockingCollective(
            rank: options.rank, worldSize: options.worldSize, topology: options.topology,
            session: options.session, transport: mesh, phases: phases)
    }

    var endpoint: String { mesh.endpoint }
    var collective: any Collective { program }
    var meter: ByteMeter { mesh.meter.taking(program) }

    func connect(_ endpoints: [String], rank: Int) throws {
        try mesh.connect(endpoints, rank: rank)
    }

    func countHidden(into record: inout StepRecord) {}
}
