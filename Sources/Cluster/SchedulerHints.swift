/// What a cluster's scheduler tells a process in its environment: hints, never orders.
public struct SchedulerHints: Equatable, Sendable {
    /// Who told.
    public enum Scheduler: String, Sendable {
        case slurm = "Slurm"
        case openMPI = "Open MPI"
        case pmix = "PMIx"
        case kubernetes = "Kubernetes"
    }

    /// Where a coordinator listens when nobody says other.
    public static let defaultPort: UInt16 = 5555

    /// Who told the rank; else whose job this process is in; `nil` outside of any.
    public private(set) var scheduler: Scheduler?
    /// The process's place among its kind, from 0.
    public private(set) var rank: Int?
    /// How many of its kind were started together.
    public private(set) var worldSize: Int?
    /// Where the job's coordinator is expected: the first node of a Slurm job.
    public private(set) var coordinatorHost: String?
    /// The variable that the coordinator's host is from.
    public private(set) var coordinatorSource: String?
    /// Variables that were there and not understood, in words.
    public private(set) var troubles: [String] = []

    /// Whose variables count for the rank, the most particular first: `mpirun` within a Slurm job
    /// leaves Slurm's own rank at that of the node.
    private static let ranks: [(Scheduler, rank: String, sizes: [String])] = [
        (.openMPI, "OMPI_COMM_WORLD_RANK", ["OMPI_COMM_WORLD_SIZE"]),
        (.pmix, "PMIX_RANK", ["SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"]),
        (.slurm, "SLURM_PROCID", ["SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"]),
        (.kubernetes, "JOB_COMPLETION_INDEX", []),
    ]

    /// Reads an environment.
    public init(environment: [String: String]) {
        for (scheduler, rankName, sizeNames) in Self.ranks {
            guard let rank = number(rankName, in: environment) else { continue }
            let size = sizeNames.first { environment[$0] != nil }
            self.scheduler = scheduler
            self.rank = rank
            worldSize = size.flatMap { number($0, in: environment) }
            if let size, let worldSize, rank >= worldSize {
                troubles.append(
                    "\(rankName): found \(rank); allowed: less than \(size), which is \(worldSize)")
            }
            break
        }
        if environment["SLURM_JOB_ID"] != nil { takeSlurmNodes(environment) }
    }

    /// Name of a daemon that has none, e.g. `worker-3`; `nil` without a rank.
    public func name(role: String) -> String? {
        rank.map { "\(role)-\($0)" }
    }

    /// Where the coordinator is expected, or `nil`.
    public var coordinator: TCPEndpoint? {
        coordinatorHost.map { TCPEndpoint(host: $0, port: Self.defaultPort) }
    }

    /// One line for people, or `nil` when nothing was told.
    public var summary: String? {
        guard let scheduler else { return nil }
        let place = rank.map { rank in
            "rank \(rank)" + (worldSize.map { " of \($0)" } ?? "")
        }
        let host = coordinatorHost.map { "coordinator on \($0)" }
        return "\(scheduler.rawValue): " + [place, host].compactMap { $0 }.joined(separator: ", ")
    }

    private mutating func takeSlurmNodes(_ environment: [String: String]) {
        if scheduler == nil { scheduler = .slurm }
        if let name = ["SLURM_JOB_NODELIST", "SLURM_NODELIST"].first(where: {
            environment[$0]?.isEmpty == false
        }) {
            do throws(ClusterError) {
                coordinatorHost = try SlurmNodeList(parsing: environment[name] ?? "").nodes.first
                coordinatorSource = name
                return
            } catch {
                troubles.append("\(name): \(error)")
            }
        }
        let launch = "SLURM_LAUNCH_NODE_IPADDR"
        guard let address = environment[launch], !address.isEmpty else { return }
        guard SocketAddress(ipv4: address) != nil else {
            troubles.append("\(launch): found \(address.prefix(40)); allowed: an IPv4 address")
            return
        }
        coordinatorHost = address
        coordinatorSource = launch
    }

    private mutating func number(_ name: String, in environment: [String: String]) -> Int? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        guard let value = Int(text), (0...1_000_000).contains(value) else {
            troubles.append("\(name): found \(text.prefix(40)); allowed: 0 to 1000000")
            return nil
        }
        return value
    }
}
