public import Collectives
public import Sketching

/// How the sketch method works: the switches of the reference, each a named option.
public struct SketchExchangeOptions: Equatable, Sendable {
    /// Where the values of the update come from.
    public enum Values: String, Sendable {
        /// A second round adds the exact residuals of the candidates (Sketched-SGD's practice).
        case exact
        /// One round: the estimates themselves. Conserves mass by subtracting each worker's share,
        /// and needs a large sketch to be stable.
        case estimated
    }

    /// Who decodes on a tree.
    public enum Decode: String, Sendable {
        /// The root decodes and broadcasts candidates and update.
        case root
        /// The summed sketch is broadcast and every worker decodes it.
        case everywhere
    }

    /// Rows and columns of the table.
    public var shape: SketchShape
    /// Coordinates applied per step.
    public var k: Int
    /// Candidates per applied coordinate, the over-sampling factor p2.
    public var candidates: Int
    /// Exact (two rounds) or estimated (one).
    public var values: Values
    /// Whether the hash changes every step.
    public var reseedsEveryStep: Bool
    /// Root or everywhere; a server always decodes, ring and halving-doubling never have a root.
    public var decode: Decode
    /// Apply the exact sums of all candidates, not only the k largest.
    public var appliesAll: Bool
    /// How the table and exact values travel; the update that a root broadcasts, indices and values,
    /// is always whole.
    public var format: WireFormat
    /// Words of a gradient's bucket at most, each with a table of its own that shares the columns;
    /// `nil` for one table.
    public var bucketWords: Int?
    /// Accumulated on the workers before sketching; 0 for none.
    public var momentum: Float
    /// Forget the momentum of what was applied (momentum factor masking).
    public var masking: Bool
    /// Seed of the run; the same on every node.
    public var seed: UInt64

    /// Memberwise; the defaults are the reference's: two rounds, p2 = 4, reseeded each step.
    public init(
        shape: SketchShape, k: Int, candidates: Int = 4, values: Values = .exact,
        reseedsEveryStep: Bool = true, decode: Decode = .root, appliesAll: Bool = false,
        format: WireFormat = .float32, bucketWords: Int? = nil, momentum: Float = 0,
        masking: Bool = true, seed: UInt64
    ) {
        self.shape = shape
        self.k = k
        self.candidates = candidates
        self.values = values
        self.reseedsEveryStep = reseedsEveryStep
        self.decode = decode
        self.appliesAll = appliesAll
        self.format = format
        self.bucketWords = bucketWords
        self.momentum = momentum
        self.masking = masking
        self.seed = seed
    }
}
