/// One process that took part in a run.
public struct NodeRow: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// Rank in the run; a server's rank is the number of workers.
    public var rank: Int
    /// `worker` or `server`.
    public var role: String
    /// Name of the daemon.
    public var name: String
    /// Name of its machine.
    public var host: String
    /// Process id on that machine.
    public var pid: Int
    /// Generation of the membership, from 0.
    public var generation: Int

    /// Memberwise.
    public init(
        run: Int64, rank: Int, role: String, name: String, host: String, pid: Int,
        generation: Int = 0
    ) {
        self.run = run
        self.rank = rank
        self.role = role
        self.name = name
        self.host = host
        self.pid = pid
        self.generation = generation
    }
}
