/// What the losses of a run cost it, all together.
public struct FaultFigures: Codable, Equatable, Sendable {
    /// Changes of membership.
    public var recoveries: Int
    /// Mean seconds from a fault to its detection, where faults were put in.
    public var detectSeconds: Double?
    /// Mean seconds from a detection to the first step done.
    public var recoverSeconds: Double?
    /// Steps that were done again.
    public var stepsRedone: Int
    /// Samples whose gradients were lost.
    public var samplesLost: Int
    /// Greatest rise of the training loss over a change, negative where it fell at each.
    public var lossBump: Double?

    /// Memberwise.
    public init(
        recoveries: Int, detectSeconds: Double?, recoverSeconds: Double?, stepsRedone: Int,
        samplesLost: Int, lossBump: Double?
    ) {
        self.recoveries = recoveries
        self.detectSeconds = detectSeconds
        self.recoverSeconds = recoverSeconds
        self.stepsRedone = stepsRedone
        self.samplesLost = samplesLost
        self.lossBump = lossBump
    }

    /// The sums, means and the greatest rise; `nil` without a recovery.
    package init?(of recoveries: [RecoveryRow]) {
        guard !recoveries.isEmpty else { return nil }
        self.recoveries = recoveries.count
        detectSeconds = Self.mean(recoveries.compactMap(\.detectSeconds))
        recoverSeconds = Self.mean(recoveries.compactMap(\.recoverSeconds))
        stepsRedone = recoveries.reduce(0) { $0.addingClamped($1.stepsRedone) }
        samplesLost = recoveries.reduce(0) { $0.addingClamped($1.samplesLost) }
        lossBump = recoveries.compactMap { row in
            row.lossBefore.flatMap { before in row.lossAfter.map { $0 - before } }
        }.max()
    }

    /// Writes every key, `null` where unknown.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(recoveries, forKey: .recoveries)
        try container.encode(detectSeconds, forKey: .detectSeconds)
        try container.encode(recoverSeconds, forKey: .recoverSeconds)
        try container.encode(stepsRedone, forKey: .stepsRedone)
        try container.encode(samplesLost, forKey: .samplesLost)
        try container.encode(lossBump, forKey: .lossBump)
    }

    /// The mean; `nil` of none.
    static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

/// Mean training loss of all workers on both sides of a step.
public struct LossAround: Equatable, Sendable {
    /// Steps that count on each side.
    static let window = 10

    /// Over up to 10 steps before it; `nil` without any.
    public var before: Double?
    /// Over up to 10 steps from it on; `nil` without any.
    public var after: Double?

    /// From a run's steps. Servers, and steps whose loss was not finite, have none.
    package init(step: Int, of steps: [StepRow]) {
        func mean(_ isNear: (Int) -> Bool) -> Double? {
            FaultFigures.mean(
                steps.filter { isNear($0.step) }.compactMap(\.loss).filter(\.isFinite))
        }
        before = mean { $0 < step && $0 >= step.subtractingClamped(Self.window) }
        after = mean { $0 >= step && $0 < step.addingClamped(Self.window) }
    }
}
