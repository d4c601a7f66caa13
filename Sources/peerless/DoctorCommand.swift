import ArgumentParser
import Cluster
import Foundation
import NeuralNetwork

/// `peerless doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what this machine is, and what would stop or slow a run on it.",
        discussion: """
            With --coordinator (or PEERLESS_COORDINATOR) also the way there: name, route, ports, the \
            coordinator's answer and clock. With --data-ports each of them is tried, here and at the peers; \
            else data sockets take ports of the system's choice, of which one is tried. The way back is \
            tried from the other machine: ask the same there. Ends with 4 when something would stop a run.
            """)

    @OptionGroup var coordinator: CoordinatorArguments
    @OptionGroup var keys: KeyArguments

    @Option(help: "The --host that a worker here would be given.")
    var host: String?

    @Option(
        help: "Other machines, by commas: HOST, or HOST:PORT where something must listen.")
    var peers: String?

    @OptionGroup var dataPorts: DataPortArguments
    @OptionGroup var store: StoreOptions

    mutating func validate() throws {
        let alone = [
            ("--peers", peers), ("--host", host), ("--keys", keys.named),
            ("--data-ports", dataPorts.named),
        ].filter { $0.1 != nil }.map(\.0)
        guard alone.isEmpty || coordinator.asked != nil else {
            throw ValidationError(
                "\(alone.joined(separator: ", ")): allowed with --coordinator (or "
                    + "PEERLESS_COORDINATOR), whose network is looked at.")
        }
    }

    func run() throws {
        try reporting {
            printFacts()
            let findings = try DoctorMachine.findings(database: store.path) + network()
            for finding in findings { print(finding.line) }
            let troubles = findings.count { $0.verdict == .trouble }
            guard troubles > 0 else { return }
            StandardError.print(
                "peerless doctor: \(troubles) of \(findings.count) looks found trouble that would "
                    + "stop a run")
            throw ExitCode.wrongEnvironment
        }
    }

    private func network() throws -> [DoctorFinding] {
        guard coordinator.asked != nil else { return [] }
        let endpoint = try coordinator.endpoint()
        let names = peers?.split(separator: ",").map(String.init) ?? []
        let look = try DoctorNetwork(
            endpoint, host: host, peers: names, dataPorts: dataPorts.range()
        ) {
            let role = try keys.speaker()
            let security = try keys.security(as: role)
            return (try CoordinatorClient(endpoint: endpoint, security: security), role)
        }
        return look.findings()
    }

    private func printFacts() {
        let facts = HostFacts(blas: BLAS.coreName, engine: Engine.preferred.summary)
        print("peerless   \(facts.peerless)")
        print("host       \(facts.host)")
        print("processor  \(facts.processor), \(facts.cores) cores")
        print("memory     \(facts.memoryBytes >> 20) MiB")
        print("system     \(facts.system)")
        print("OpenBLAS   \(facts.blas) kernels")
        print("engine     \(facts.engine)")
        print("libzmq     \(Security.capabilities)")
        print("sketching  \(facts.kernel) kernels")
        for (name, trouble) in DataCheck.all() {
            print("data       \(name): \(trouble ?? "ready")")
        }
    }
}
