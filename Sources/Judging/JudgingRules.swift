/// How strict a gate is.
public struct JudgingRules: Equatable, Sendable {
    /// Which figures it looks at.
    public var metrics = Metric.usual
    /// The slow-down that is let through, as a share: 0.05 lets a step take 1.05 times as long.
    public var maxSlowdown = 0.05
    /// Keys in which contexts, or with `case.` before them cases, may differ.
    public var ignoredKeys: Set<String> = []
    /// How much a count that training decides, such as steps to target, may grow.
    public var countTolerance = 0.005
    /// How much worse a final loss or accuracy may be, as a share of the baseline's.
    public var lossTolerance = 0.02
    /// From this share on, better learning is suspicious.
    public var suspiciousGain = 0.25
    /// The chance to err, over all questions asked of the clocks together.
    public var level = 0.05

    /// The usual ones.
    public init() {}

    /// What changes with every release of the program that is judged: no difference of contexts.
    public static let ownKeys: Set<String> = ["peerless"]

    /// Whether a difference in this key is let through.
    public func ignores(_ key: String) -> Bool {
        ignoredKeys.contains(key) || Self.ownKeys.contains(key)
    }
}
