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
    /// Steps done when the generation began; `nil` where that was not recorded.
    public var firstStep: Int?
    /// The public key that it came with, in Z85; `nil` without keys, and where that was not recorded.
    public var publicKey: String?
    /// Added to its monotonic clock it gives nanoseconds since 1970 by the coordinator's wall clock;
    /// `nil` where that was not measured.
    public var clockOffsetNanoseconds: Int64?
    /// At most so wrong is the offset when it was taken: half of a round trip, 0 on one machine.
    public var clockErrorNanoseconds: Int64?

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
