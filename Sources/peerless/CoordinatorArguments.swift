import ArgumentParser
import Cluster
import Foundation

/// Where daemons and clients find their coordinator.
struct CoordinatorArguments: ParsableArguments {
    @Option(
        name: .customLong("coordinator"),
        help: """
            Where the coordinator listens, e.g. tcp://10.0.0.5:5555. Default: PEERLESS_COORDINATOR, \
            else port 5555 on the first node of a Slurm job.
            """)
    var named: String?

    private static let variable = "PEERLESS_COORDINATOR"

    /// What option or environment say themselves.
    var asked: String? {
        if let named { return named }
        let value = ProcessInfo.processInfo.environment[Self.variable] ?? ""
        return value.isEmpty ? nil : value
    }

    /// The endpoint that option, environment and scheduler come to.
    func endpoint() throws -> String {
        if let asked {
            return try Self.checked(asked, of: named == nil ? Self.variable : "--coordinator")
        }
        let hints = SchedulerHints(environment: ProcessInfo.processInfo.environment)
        if let coordinator = hints.coordinator { return coordinator.text }
        return try Self.checked(
            "", of: "--coordinator", hints.troubles.map { "; \($0)" }.joined())
    }

    /// A connection that shows the client's key, if there are keys.
    func client(_ keys: KeyArguments) throws -> CoordinatorClient {
        try CoordinatorClient(endpoint: endpoint(), security: keys.security(as: .client))
    }

    private static func checked(
        _ text: String, of source: String, _ more: String = ""
    ) throws -> String {
        do {
            return try TCPEndpoint(parsing: text).text
        } catch {
            throw ValidationError("\(source): \(error)\(more)")
        }
    }
}
