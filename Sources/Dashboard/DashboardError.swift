/// Why a dashboard cannot be served.
public enum DashboardError: Error, Equatable, CustomStringConvertible {
    /// Another program listens there.
    case portInUse(Int)
    /// The system does not let it listen there.
    case cannotListen(host: String, port: Int, detail: String)

    /// One line: what was found and what to do.
    public var description: String {
        switch self {
        case .portInUse(let port):
            "--port: found \(port), which another program listens on; allowed: a free port, or 0 "
                + "for one that the system chooses"
        case .cannotListen(let host, let port, let detail):
            "cannot listen on \(host), port \(port): \(detail); allowed: an address of this "
                + "machine (--host) and a port from 1024 on (--port)"
        }
    }
}
