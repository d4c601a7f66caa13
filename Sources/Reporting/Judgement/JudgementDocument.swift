import Judging

/// The JSON of a judgement: every key, `null` where unknown.
struct JudgementDocument: Encodable {
    private let judgement: Judgement
    private let sides: JudgedSides

    init(_ judgement: Judgement, _ sides: JudgedSides) {
        self.judgement = judgement
        self.sides = sides
    }

    private enum Key: CodingKey {
        case verdict, sides, findings, differences, notes
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(judgement.verdict, forKey: .verdict)
        try container.encode(sides, forKey: .sides)
        try container.encode(judgement.findings.map(Row.init), forKey: .findings)
        try container.encode(judgement.differences, forKey: .differences)
        try container.encode(judgement.notes, forKey: .notes)
    }

    private struct Row: Encodable {
        let finding: Finding

        enum Key: CodingKey {
            case experiment, variant, metric, stage, unit, outcome, verdict, baseline, candidate
            case ratio, baselineRuns, candidateRuns, reason, evidence
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(finding.experiment, forKey: .experiment)
            try container.encode(finding.variant, forKey: .variant)
            try container.encode(finding.metric, forKey: .metric)
            try container.encode(finding.metric.stage, forKey: .stage)
            try container.encode(finding.metric.unit, forKey: .unit)
            try container.encode(finding.outcome, forKey: .outcome)
            try container.encode(finding.word, forKey: .verdict)
            try container.encode(finding.baseline, forKey: .baseline)
            try container.encode(finding.candidate, forKey: .candidate)
            try container.encode(finding.ratio, forKey: .ratio)
            try container.encode(finding.baselineRuns, forKey: .baselineRuns)
            try container.encode(finding.candidateRuns, forKey: .candidateRuns)
            try container.encode(finding.reason, forKey: .reason)
            try container.encode(finding.evidence, forKey: .evidence)
        }
    }
}
