public import Collectives
public import Sketching

/// What an observer needs to know of a method besides its update.
public struct MethodAnatomy: Equatable, Sendable {
    /// Weights that a step is meant to change; `nil` where it is all of them.
    public var k: Int?
    /// The table that the choice is made from, all buckets together.
    public var sketch: SketchShape?
    /// How the workers' messages become one.
    public var merge: MergeRule

    /// All weights, added as they are, where nothing else is said.
    public init(
        k: Int? = nil, sketch: SketchShape? = nil, merge: MergeRule = .adds(.float32)
    ) {
        self.k = k
        self.sketch = sketch
        self.merge = merge
    }

    /// Words of one worker's message that an observer looks at: candidate sets whole, of what is
    /// added element by element `sampleWords` at most.
    public func messageWords(of weights: Int) -> Int {
        switch merge {
        case .keepsLargest(let k): 2 * k
        case .adds: max(1, min(Self.sampleWords, sketch?.cells ?? weights))
        }
    }

    /// Every element is merged by itself, so that so many say as much as all.
    public static let sampleWords = 16_384
}

/// How two workers' messages become one.
public enum MergeRule: Equatable, Sendable {
    /// Element by element; the one that travels is rounded to the format.
    case adds(WireFormat)
    /// The k largest of the sum of two candidate sets, k indices and then k values each.
    case keepsLargest(k: Int)
}
