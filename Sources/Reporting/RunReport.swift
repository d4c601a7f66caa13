public import RunStore

/// Prints everything known of one run.
public enum RunReport {
    /// The run in a format, with a final line end. In CSV it is the run's line of a comparison, or
    /// its steps when they are given.
    ///
    /// - Parameters:
    ///   - steps: listed too; `nil` leaves them out.
    ///   - width: columns of the terminal; `nil` for as many as needed.
    public static func render(
        _ run: RunDetail, steps: [StepRow]?, format: OutputFormat, width: Int?
    ) -> String {
        switch format {
        case .json: return JSONText.render(Document(detail: run, steps: steps))
        case .csv:
            guard let steps else { return ComparisonTable.csv([run.summary]) }
            return StepExport.csv([
                StepExport(run.summary, steps: steps, evaluations: run.evaluations)
            ])
        case .table:
            return sections(run, steps).map { section in
                let fitted = section.sheet.fitting(
                    width, dropping: ["sent", "received", "messages"])
                return "\(section.title)\n\n\(fitted.text())"
            }.joined(separator: "\n")
        case .markdown:
            return sections(run, steps).map { section in
                "## \(section.title)\n\n\(section.sheet.markdown())"
            }.joined(separator: "\n")
        }
    }

    /// The JSON: the keys of `RunDetail`, and the steps where asked for.
    private struct Document: Encodable {
        var detail: RunDetail
        var steps: [StepRow]?

        enum CodingKeys: CodingKey { case steps }

        func encode(to encoder: any Encoder) throws {
            try detail.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(steps, forKey: .steps)
        }
    }

    private typealias Section = (title: String, sheet: TextSheet)

    private static func sections(_ run: RunDetail, _ steps: [StepRow]?) -> [Section] {
        let row = run.summary
        let title = "run \(row.run): \(row.experiment), \(row.variant), seed \(row.seed)"
        var sections: [Section] = [(TextSheet.plain(title), pairs("fact", RunFacts.asked(run)))]
        if row.status == .completed {
            sections.append(("figures", pairs("figure", RunFacts.measured(row))))
        }
        if !run.evaluations.isEmpty { sections.append(("evaluations", sheet(run.evaluations))) }
        if !run.nodes.isEmpty { sections.append(("nodes", sheet(run.nodes))) }
        if !run.recoveries.isEmpty {
            sections.append(("recoveries", FaultSheet.recoveries(run.recoveries)))
        }
        if !run.checkpoints.isEmpty {
            sections.append(("checkpoints", FaultSheet.checkpoints(run.checkpoints)))
        }
        if !run.events.isEmpty { sections.append(("events", sheet(run.events))) }
        if let steps, !steps.isEmpty {
            sections.append(("steps (times in milliseconds)", sheet(steps)))
        }
        return sections
    }

    private static func pairs(_ title: String, _ facts: [(String, String)]) -> TextSheet {
        var sheet = TextSheet(rowCount: facts.count)
        sheet.add(.words(title), facts.map(\.0))
        sheet.add(.words("value"), facts.map(\.1))
        return sheet
    }

    private static func sheet(_ evaluations: [EvaluationRow]) -> TextSheet {
        var sheet = TextSheet(rowCount: evaluations.count)
        sheet.add(.figures("steps done"), evaluations.map { String($0.step) })
        sheet.add(.figures("seconds"), evaluations.map { Figures.short($0.seconds) })
        sheet.add(.words("split"), evaluations.map(\.split))
        sheet.add(
            .figures("loss"),
            evaluations.map { $0.loss == nil ? "diverged" : Figures.fixed($0.loss, decimals: 4) })
        sheet.add(
            .figures("accuracy"),
            evaluations.map { Figures.fixed($0.loss == nil ? nil : $0.accuracy, decimals: 4) })
        return sheet
    }

    private static func sheet(_ nodes: [NodeRow]) -> TextSheet {
        var sheet = TextSheet(rowCount: nodes.count)
        if nodes.contains(where: { $0.generation > 0 }) {
            sheet.add(.figures("generation"), nodes.map { String($0.generation) })
        }
        sheet.add(.figures("rank"), nodes.map { String($0.rank) })
        sheet.add(.words("role"), nodes.map(\.role))
        sheet.add(.words("name"), nodes.map(\.name))
        sheet.add(.words("host"), nodes.map(\.host))
        sheet.add(.figures("pid"), nodes.map { String($0.pid) })
        return sheet
    }

    private static func sheet(_ events: [EventRow]) -> TextSheet {
        var sheet = TextSheet(rowCount: events.count)
        sheet.add(.words("time"), events.map { Timestamp.text($0.time) })
        sheet.add(.words("kind"), events.map(\.kind))
        sheet.add(.words("node"), events.map { $0.node ?? Figures.unknown })
        sheet.add(.words("detail"), events.map(\.detail))
        return sheet
    }

    private static func sheet(_ steps: [StepRow]) -> TextSheet {
        var sheet = TextSheet(rowCount: steps.count)
        sheet.add(.figures("rank"), steps.map { String($0.rank) })
        sheet.add(.figures("step"), steps.map { String($0.step) })
        sheet.add(.figures("loss"), steps.map { Figures.fixed($0.loss, decimals: 4) })
        let phases: [(String, KeyPath<StepRow, Int64>)] = [
            ("total", \.totalNanoseconds), ("compute", \.computeNanoseconds),
            ("encode", \.encodeNanoseconds), ("exchange", \.exchangeNanoseconds),
            ("wait", \.waitNanoseconds), ("decode", \.decodeNanoseconds),
            ("update", \.updateNanoseconds),
        ]
        let overlaps = steps.contains { $0.hiddenNanoseconds > 0 }
        for (title, phase) in phases + (overlaps ? [("hidden", \.hiddenNanoseconds)] : []) {
            sheet.add(
                .figures(title),
                steps.map { Figures.fixed(Double($0[keyPath: phase]) / 1e6, decimals: 2) })
        }
        sheet.add(.figures("sent"), steps.map { Figures.bytes(Double($0.bytesSent)) })
        sheet.add(.figures("received"), steps.map { Figures.bytes(Double($0.bytesReceived)) })
        sheet.add(.figures("messages"), steps.map { String($0.messagesSent) })
        return sheet
    }
}
