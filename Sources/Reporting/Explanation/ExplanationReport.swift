import RunStore

extension Explanation {
    /// The explanation in a format, with a final line end; CSV is its parts.
    public func render(_ format: OutputFormat) -> String {
        let title = TextSheet.plain("run \(run), \(variant)")
        switch format {
        case .json: return JSONText.render(self)
        case .csv:
            return CommaSeparated.line(["run", "part", "milliseconds", "share"])
                + parts.map { part in
                    CommaSeparated.line([
                        String(run), part.bound.rawValue, "\(part.milliseconds)", "\(part.share)",
                    ])
                }.joined()
        case .table:
            let words = sentences.map { $0 + "\n" }.joined()
            return [title + "\n", words, partSheet.text(), rankSheet.text()]
                .joined(separator: "\n")
        case .markdown:
            let words = sentences.map { "- \($0)\n" }.joined()
            return ["## \(title)\n", words, partSheet.markdown(), rankSheet.markdown()]
                .joined(separator: "\n")
        }
    }

    private var partSheet: TextSheet {
        var sheet = TextSheet(rowCount: parts.count)
        sheet.add(.words("part"), parts.map { ExplanationWords.name($0.bound, self) })
        sheet.add(.figures("ms"), parts.map { Figures.short($0.milliseconds) })
        sheet.add(
            .figures("share"), parts.map { Figures.fixed(100 * $0.share, decimals: 0) + " %" })
        return sheet
    }

    private var rankSheet: TextSheet {
        var sheet = TextSheet(rowCount: ranks.count)
        sheet.add(.figures("rank"), ranks.map { String($0.rank) })
        sheet.add(.words("role"), ranks.map { $0.isWorker ? "worker" : "server" })
        let phases: [(String, KeyPath<StepMilliseconds, Double?>)] = [
            ("step", \.total), ("compute", \.compute), ("encode", \.encode),
            ("exchange", \.exchange), ("wait", \.wait), ("decode", \.decode), ("update", \.update),
            ("hidden", \.hidden),
        ]
        for (title, phase) in phases {
            sheet.add(.figures(title), ranks.map { Figures.short($0.milliseconds[keyPath: phase]) })
        }
        return sheet
    }
}
