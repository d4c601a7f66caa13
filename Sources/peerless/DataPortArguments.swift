import ArgumentParser
import Cluster

/// The ports of data sockets.
struct DataPortArguments: ParsableArguments {
    @Option(
        name: .customLong("data-ports"),
        help: ArgumentHelp(
            """
            Ports for data sockets, e.g. 42000-42015, where a firewall passes only some: two for \
            every daemon of a machine (default: of the system's choice).
            """, valueName: "first-last"))
    var named: String?

    /// The range, read.
    func range() throws -> PortRange? {
        do {
            return try named.map { try PortRange(parsing: $0) }
        } catch {
            throw ValidationError("--data-ports: \(error)")
        }
    }
}
