/// A run and its repetition, held against each other bit by bit: every worker's loss at every step,
/// every evaluation, the checksum of the final parameters.
public struct Reproduction: Equatable, Sendable {
    /// What came out.
    public enum Verdict: String, Codable, Sendable {
        /// Everything that can be compared is the same to the last bit.
        case equal
        /// Something is not.
        case different
        /// The stored run was completed, its repetition was not.
        case failed
        /// The two have no figure in common.
        case incomparable
    }

    /// The first figure that is not the same.
    public struct Difference: Codable, Equatable, Sendable {
        /// Number of the step, from 0.
        public var step: Int
        /// Of the worker; `nil` for an evaluation, in which all take part.
        public var rank: Int?
        /// `loss`, `test loss` or `test accuracy`.
        public var quantity: String
        /// As the stored run has it; `nil` where it was not finite or is not recorded.
        public var stored: Double?
        /// As the repetition has it.
        public var repeated: Double?

        /// By how much the repetition is above the stored figure, where both are known.
        public var amount: Double? {
            guard let stored, let repeated else { return nil }
            return repeated - stored
        }
    }

    /// A fact of the two runs' surroundings that is not the same.
    public struct Surrounding: Codable, Equatable, Sendable {
        /// Such as `processor`.
        public var key: String
        /// Of the stored run.
        public var stored: String?
        /// Of its repetition.
        public var repeated: String?
    }

    /// Number of the stored run.
    public let run: Int64
    /// Number of its repetition, in the database that it went to.
    public let repetition: Int64
    /// What came out.
    public let verdict: Verdict
    /// Losses that were compared: one for every worker and step that both runs have.
    public let comparedSteps: Int
    /// `nil` when every figure is the same, whether or not the checksums are.
    public let firstDifference: Difference?
    /// Of the stored run's final parameters; `nil` when it has none.
    public let checksum: String?
    /// Of the repetition's.
    public let repeatedChecksum: String?
    /// Where the two ran on different things.
    public let surroundings: [Surrounding]
    /// First step whose bits depend on when somebody noticed a loss; `nil` when none was lost.
    public let lossStep: Int?
    /// How the stored run ended.
    public let status: RunStatus
    /// How its repetition ended.
    public let repeatedStatus: RunStatus

    /// Compares what is recorded of two runs of one case.
    public init(
        _ stored: RunDetail, steps: [StepRow], with repeated: RunDetail,
        steps repeatedSteps: [StepRow]
    ) {
        run = stored.summary.run
        repetition = repeated.summary.run
        status = stored.summary.status
        repeatedStatus = repeated.summary.status
        checksum = stored.summary.checksum
        repeatedChecksum = repeated.summary.checksum
        surroundings = Self.surroundings(stored.description, repeated.description)
        lossStep = (stored.recoveries + repeated.recoveries).filter { !$0.keepsBits }
            .map(\.step).min()
        let bothEnded = status == .completed && repeatedStatus == .completed
        let losses = Self.losses(
            steps, repeatedSteps, requiresBoth: !bothEnded || steps.isEmpty)
        comparedSteps = losses.count
        let figures = losses + Self.evaluations(stored.evaluations, repeated.evaluations)
        firstDifference =
            figures.filter { $0.stored?.bitPattern != $0.repeated?.bitPattern }
            .min { ($0.step, $0.rank ?? .max) < ($1.step, $1.rank ?? .max) }
        verdict =
            if status == .completed, repeatedStatus != .completed {
                .failed
            } else if firstDifference != nil || (bothEnded && checksum != repeatedChecksum) {
                .different
            } else if figures.isEmpty, !bothEnded || checksum == nil {
                .incomparable
            } else {
                .equal
            }
    }

    /// Every worker's loss at every step.
    ///
    /// - Parameter requiresBoth: leaves out what only one run has. Two completed runs must have the
    ///   same steps; one that ended early may have told fewer.
    private static func losses(
        _ stored: [StepRow], _ repeated: [StepRow], requiresBoth: Bool
    ) -> [Difference] {
        func byPlace(_ rows: [StepRow]) -> [[Int]: StepRow] {
            Dictionary(rows.map { ([$0.step, $0.rank], $0) }) { first, _ in first }
        }
        let (mine, others) = (byPlace(stored), byPlace(repeated))
        let places = Set(mine.keys).union(requiresBoth ? [] : Set(others.keys))
        return places.compactMap { place in
            let (first, second) = (mine[place], others[place])
            if requiresBoth, first == nil || second == nil { return nil }
            // A server has no loss on either side.
            if let first, let second, first.loss == nil, second.loss == nil { return nil }
            return Difference(
                step: place[0], rank: place[1], quantity: "loss", stored: first?.loss,
                repeated: second?.loss)
        }
    }

    /// Evaluations that both runs have, under the last step before them.
    private static func evaluations(
        _ stored: [EvaluationRow], _ repeated: [EvaluationRow]
    ) -> [Difference] {
        stored.flatMap { row -> [Difference] in
            guard
                let other = repeated.first(where: { $0.step == row.step && $0.split == row.split })
            else { return [] }
            return [
                Difference(
                    step: row.step.subtractingClamped(1), rank: nil, quantity: "\(row.split) loss",
                    stored: row.loss, repeated: other.loss),
                Difference(
                    step: row.step.subtractingClamped(1), rank: nil,
                    quantity: "\(row.split) accuracy",
                    stored: row.accuracy, repeated: other.accuracy),
            ]
        }
    }

    private static func surroundings(
        _ stored: RunDescription, _ repeated: RunDescription
    ) -> [Surrounding] {
        func context(_ run: RunDescription) -> RunContext {
            RunContext(hash: run.contextHash, json: run.context)
        }
        let (first, second) = (context(stored), context(repeated))
        func value(_ key: String, _ context: RunContext) -> String? {
            context.facts.first { $0.key == key }?.value
        }
        return first.differingKeys(from: second).map {
            Surrounding(key: $0, stored: value($0, first), repeated: value($0, second))
        }
    }
}
