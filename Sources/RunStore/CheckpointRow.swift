/// One worker's part of a checkpoint.
public struct CheckpointRow: Codable, Equatable, Sendable {
    /// Number of the run.
    public var run: Int64
    /// Steps done when it was taken.
    public var step: Int
    /// Rank of the worker.
    public var rank: Int
    /// Workers at that time, each of which wrote a part.
    public var world: Int
    /// Path of the file on the worker's machine.
    public var path: String
    /// Size of the file.
    public var bytes: Int64
    /// Time the training stood still for it.
    public var nanoseconds: Int64
    /// Checksum of the file's content.
    public var checksum: String

    /// Memberwise.
    public init(
        run: Int64, step: Int, rank: Int, world: Int, path: String, bytes: Int64,
        nanoseconds: Int64, checksum: String
    ) {
        self.run = run
        self.step = step
        self.rank = rank
        self.world = world
        self.path = path
        self.bytes = bytes
        self.nanoseconds = nanoseconds
        self.checksum = checksum
    }
}
