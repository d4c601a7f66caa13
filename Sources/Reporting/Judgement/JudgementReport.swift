public import Judging

/// Prints what a gate found.
public enum JudgementReport {
    /// For a terminal: the verdict, the findings, and a line about each that is not plain.
    ///
    /// - Parameter width: columns of the terminal; `nil`: as wide as it needs.
    public static func text(_ judgement: Judgement, _ sides: JudgedSides, width: Int?) -> String {
        let dropped = ["test", "noise", "95 %", "runs", "experiment"]
        let table = sheet(judgement).fitting(width, dropping: dropped).text()
        let lines = ([""] + remarks(judgement) + [""]).joined(separator: "\n")
        let head = "\(headline(judgement)) \(sides.words)"
        return plain(head) + "\n" + (table.isEmpty ? "" : "\n" + table) + lines
    }

    /// The same as Markdown, as for a summary of a CI.
    public static func markdown(_ judgement: Judgement, _ sides: JudgedSides) -> String {
        let remarks = remarks(judgement).map { "- \(MarkdownText.escaped($0))\n" }.joined()
        let parts = [
            "### \(headline(judgement))\n", MarkdownText.escaped(plain(sides.words)) + "\n",
            sheet(judgement).escapedForMarkdown().markdown(), remarks,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The same for programs.
    public static func json(_ judgement: Judgement, _ sides: JudgedSides) -> String {
        JSONText.render(JudgementDocument(judgement, sides))
    }

    /// The verdict in a sentence.
    static func headline(_ judgement: Judgement) -> String {
        let worse = judgement.findings.filter(\.isRegression).count
        let unsure = judgement.findings.filter { $0.outcome == .cannotTell }.count
        switch judgement.verdict {
        case .passed: return "Passed: nothing got worse."
        case .regression: return "Regression: \(worse) of \(judgement.findings.count) got worse."
        case .notEnoughData:
            let why = unsure > 0 ? "\(unsure) of \(judgement.findings.count) cannot be told" : ""
            return "Not enough data: \(why.isEmpty ? "a case has no runs on both sides" : why)."
        case .mismatch: return "Not compared: the runs were made of different things."
        }
    }

    /// A line about each finding that is not plain, what differs, and what else is to be known.
    static func remarks(_ judgement: Judgement) -> [String] {
        let plainOutcomes: Set<Finding.Outcome> = [.same]
        let findings = judgement.findings.filter { !plainOutcomes.contains($0.outcome) }.map {
            "\($0.experiment)/\($0.variant) \($0.metric.rawValue): \($0.word): \($0.reason)."
        }
        let keys = judgement.differences.map(\.key)
        var lines = findings + judgement.differences.map { "Differs: \($0.words)." }
        if !keys.isEmpty {
            lines.append(
                "To compare all the same: "
                    + keys.map { "--ignore-context \($0)" }.joined(separator: " "))
        }
        let smallest = judgement.findings.compactMap { $0.evidence?.smallestP }.max()
        if let smallest {
            lines.append(
                "p after Holm's correction; the smallest that these runs could give is "
                    + "\(short(smallest)).")
        }
        return (lines + judgement.notes).map(plain)
    }

    static func sheet(_ judgement: Judgement) -> TextSheet {
        let findings = judgement.findings
        var sheet = TextSheet(rowCount: findings.count)
        sheet.add(.words("experiment"), findings.map(\.experiment))
        sheet.add(.words("variant"), findings.map(\.variant))
        sheet.add(.words("figure"), findings.map(\.metric.rawValue))
        sheet.add(.figures("baseline"), findings.map { value($0.baseline, $0.metric) })
        sheet.add(.figures("candidate"), findings.map { value($0.candidate, $0.metric) })
        sheet.add(.words("unit"), findings.map(\.metric.unit))
        sheet.add(.figures("change"), findings.map(change))
        sheet.add(.figures("95 %"), findings.map { $0.evidence.map(interval) ?? "" })
        sheet.add(.figures("p"), findings.map { $0.evidence.map { short($0.adjustedP) } ?? "" })
        sheet.add(.words("test"), findings.map { $0.evidence?.test ?? "exact" })
        sheet.add(
            .figures("noise"), findings.map { $0.evidence?.noiseFloor.map(percent) ?? "" })
        sheet.add(.figures("runs"), findings.map { "\($0.baselineRuns)+\($0.candidateRuns)" })
        sheet.add(.words("verdict"), findings.map(\.word))
        return sheet
    }

    private static func value(_ value: Double?, _ metric: Metric) -> String {
        guard let value else { return Figures.unknown }
        if metric.stage == .clock { return Figures.fixed(value, decimals: value < 100 ? 3 : 1) }
        if metric.stage == .convergence { return Figures.fixed(value, decimals: 4) }
        return Figures.fixed(value, decimals: value == value.rounded() ? 0 : 2)
    }

    /// Small changes of exact counts are not rounded away.
    private static func change(_ finding: Finding) -> String {
        guard let ratio = finding.ratio else { return "" }
        let share = ratio - 1
        if finding.metric.stage != .clock, share == 0 { return "0 %" }
        let words = percent(share)
        let sign = share > 0 ? "+" : ""
        if share != 0, words == "0.00 %" || words == "-0.00 %" {
            return share > 0 ? "> 0 %" : "< 0 %"
        }
        return sign + words
    }

    private static func interval(_ evidence: Finding.Evidence) -> String {
        func signed(_ ratio: Double) -> String { (ratio > 1 ? "+" : "") + percent(ratio - 1) }
        return "\(signed(evidence.lower)) to \(signed(evidence.upper))"
    }

    private static func percent(_ share: Double) -> String {
        Figures.fixed(100 * share, decimals: 2) + " %"
    }

    private static func short(_ p: Double) -> String {
        p < 0.001 ? "<0.001" : Figures.fixed(p, decimals: 3)
    }

    private static func plain(_ text: String) -> String { TextSheet.plain(text) }
}
