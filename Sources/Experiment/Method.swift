/// How gradients are exchanged.
public enum Method: Codable, Equatable, Sendable {
    case dense
    case topk(TopKOptions)
    case gtopk(TopKOptions)
    case sketch(SketchOptions)

    /// Every name in experiment files.
    static let names = ["dense", "topk", "gtopk", "sketch"]

    /// The name in experiment files.
    public var name: String {
        switch self {
        case .dense: "dense"
        case .topk: "topk"
        case .gtopk: "gtopk"
        case .sketch: "sketch"
        }
    }

    /// The name and the options that tell runs apart.
    public var summary: String {
        switch self {
        case .dense: "dense"
        case .topk(let options), .gtopk(let options): "\(name) k=\(options.k.summary)"
        case .sketch(let options): options.summary
        }
    }

    /// Whether compressed gradients can be added, so that buckets and 16-bit words make sense.
    public var isLinear: Bool {
        switch self {
        case .dense, .sketch: true
        case .topk, .gtopk: false
        }
    }

    /// Topologies that have the operations it needs: gTop-k merges along a tree, everything else
    /// adds or gathers.
    public var topologies: [Topology] {
        if case .gtopk = self { return [.tree] }
        return Topology.allCases
    }
}

/// Options of top-k and gTop-k.
public struct TopKOptions: Codable, Equatable, Sendable {
    /// Coordinates kept.
    public var k: Count
    /// Momentum factor masking.
    public var masking = true
    /// Accumulate momentum on the worker, before selection.
    public var momentumCorrection: Bool

    /// With masking.
    public init(k: Count, masking: Bool = true, momentumCorrection: Bool) {
        self.k = k
        self.masking = masking
        self.momentumCorrection = momentumCorrection
    }
}

/// Options of the sketch.
public struct SketchOptions: Codable, Equatable, Sendable {
    /// Where the values of the update come from.
    public enum Values: String, Codable, CaseIterable, Sendable { case exact, estimated }
    /// When the hash changes.
    public enum Hash: String, Codable, CaseIterable, Sendable { case perStep, fixed }
    /// Who decodes on a tree.
    public enum Decode: String, Codable, CaseIterable, Sendable { case root, everywhere }

    /// Rows of the table.
    public var rows = 5
    /// Cells of a row.
    public var columns: Int
    /// Coordinates applied.
    public var k: Count
    /// Candidates per applied coordinate (p2).
    public var candidates = 4
    /// Two rounds or one.
    public var values = Values.exact
    /// Every step or never.
    public var hash = Hash.perStep
    /// Momentum factor masking.
    public var masking = true
    /// On a tree.
    public var decode = Decode.root
    /// Apply the exact sums of all candidates.
    public var applyAll = false

    /// Two rounds, five rows, a new hash every step.
    public init(columns: Int, k: Count) {
        self.columns = columns
        self.k = k
    }

    var summary: String {
        var text = "sketch k=\(k.summary) r=\(rows) c=\(columns) p2=\(candidates)"
        if values == .estimated { text += " estimated" }
        if hash == .fixed { text += " fixed-hash" }
        if decode == .everywhere { text += " decode-everywhere" }
        if applyAll { text += " apply-all" }
        return text
    }
}
