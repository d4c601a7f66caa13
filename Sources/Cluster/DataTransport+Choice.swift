package import Experiment
package import Wire

extension DataTransport {
    /// What a run's nodes talk over: what the experiment asks for, else the fastest that reaches
    /// all of them. An emulated link needs sockets.
    ///
    /// - Throws: `ClusterError` when the nodes are placed where that does not reach.
    package static func choose(
        _ variant: Variant, _ assignment: Assignment
    ) throws(ClusterError) -> DataTransport {
        switch variant.transport {
        case .tcp: return .tcp
        case .ipc:
            guard assignment.oneHost else {
                throw ClusterError("transport: found ipc; allowed: among nodes of one host")
            }
            return .ipc
        case .shm:
            guard assignment.sharesMemory else {
                throw ClusterError(
                    "transport: found shm; allowed: among nodes of one host that run as one user "
                        + "and see each other's process numbers")
            }
            return .shm
        case .auto:
            guard variant.link == nil else { return .tcp }
            return assignment.sharesMemory ? .shm : assignment.oneHost ? .ipc : .tcp
        }
    }
}
