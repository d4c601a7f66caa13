public import RunStore

/// Says in words, or as JSON, whether a run came out the same again.
public enum ReproductionReport {
    /// Sentences for people, one a line.
    public static func text(_ reproduction: Reproduction) -> String {
        sentences(reproduction).map { $0 + "\n" }.joined()
    }

    /// The same figures for programs, with the sentences.
    public static func json(_ reproduction: Reproduction) -> String {
        JSONText.render(Document(reproduction))
    }

    private struct Document: Encodable {
        var run: Int64
        var repetition: Int64
        var verdict: Reproduction.Verdict
        var comparedSteps: Int
        var firstDifference: Reproduction.Difference?
        var amount: Double?
        var checksum: String?
        var repeatedChecksum: String?
        var surroundings: [Reproduction.Surrounding]
        var sentences: [String]

        init(_ found: Reproduction) {
            run = found.run
            repetition = found.repetition
            verdict = found.verdict
            comparedSteps = found.comparedSteps
            firstDifference = found.firstDifference
            amount = found.firstDifference?.amount
            checksum = found.checksum
            repeatedChecksum = found.repeatedChecksum
            surroundings = found.surroundings
            sentences = ReproductionReport.sentences(found)
        }

        enum CodingKeys: CodingKey {
            case run, repetition, verdict, comparedSteps, firstDifference, amount, checksum
            case repeatedChecksum, surroundings, sentences
        }

        /// Writes every key, `null` where unknown.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(run, forKey: .run)
            try container.encode(repetition, forKey: .repetition)
            try container.encode(verdict, forKey: .verdict)
            try container.encode(comparedSteps, forKey: .comparedSteps)
            try container.encode(firstDifference, forKey: .firstDifference)
            try container.encode(amount, forKey: .amount)
            try container.encode(checksum, forKey: .checksum)
            try container.encode(repeatedChecksum, forKey: .repeatedChecksum)
            try container.encode(surroundings, forKey: .surroundings)
            try container.encode(sentences, forKey: .sentences)
        }
    }

    static func sentences(_ found: Reproduction) -> [String] {
        var sentences = [verdict(found)]
        if let difference = found.firstDifference { sentences.append(words(difference)) }
        if let words = checksums(found) { sentences.append(words) }
        if let step = found.lossStep {
            sentences.append(
                "A node was lost: from step \(step) on, the bits depend on when that was noticed and "
                    + "on which state the others had, and no repetition can promise them.")
        }
        if found.status != .completed {
            sentences.append(
                "Run \(found.run) is \(found.status.rawValue): only the steps that it recorded before "
                    + "its end were compared, and it has no final parameters.")
        }
        if !found.surroundings.isEmpty { sentences.append(surroundings(found)) }
        return sentences
    }

    private static func verdict(_ found: Reproduction) -> String {
        let pair = "run \(found.run) and its repetition, run \(found.repetition)"
        let compared =
            found.comparedSteps == 0
            ? "no step is recorded of both" : "\(found.comparedSteps) losses compared"
        switch found.verdict {
        case .equal: return "Bit-equal: \(pair), \(compared)."
        case .different: return "Different: \(pair), \(compared)."
        case .failed:
            return "Failed: run \(found.run) was completed, its repetition, run "
                + "\(found.repetition), is \(found.repeatedStatus.rawValue); see `peerless show "
                + "\(found.repetition)`."
        case .incomparable: return "No verdict: \(pair) have no figure in common."
        }
    }

    private static func words(_ difference: Reproduction.Difference) -> String {
        let place = difference.rank.map { "rank \($0)" } ?? "all ranks"
        func figure(_ value: Double?) -> String { value.map { "\($0)" } ?? "nothing" }
        let amount = difference.amount.map { ", \($0 > 0 ? "+" : "")\($0)" } ?? ""
        return "First difference: step \(difference.step), \(place), \(difference.quantity): "
            + "\(figure(difference.stored)) stored, \(figure(difference.repeated)) now\(amount)."
    }

    private static func checksums(_ found: Reproduction) -> String? {
        guard let stored = found.checksum, let repeated = found.repeatedChecksum else { return nil }
        guard stored == repeated else {
            return "Final parameters differ: checksum \(stored) stored, \(repeated) now."
        }
        let remark =
            found.firstDifference == nil
            ? "" : ": training came out the same, a recorded figure did not"
        return "Final parameters are equal, checksum \(stored)\(remark)."
    }

    private static func surroundings(_ found: Reproduction) -> String {
        let facts = found.surroundings.map { fact in
            "\(fact.key) (\(fact.stored ?? "unknown"), now \(fact.repeated ?? "unknown"))"
        }.joined(separator: "; ")
        let remark =
            found.verdict == .equal
            ? "" : " Other kernels add in another order, so bits may differ without a fault."
        return "The two ran on different things: \(facts).\(remark)"
    }
}
