import Foundation
import RunStore

/// Where the figures come from: the runs, the experiment, the machine, and how to make them again.
enum OriginSections {
    /// Every run, one by one.
    static func runs(_ data: ReportData, _ frame: ReportFrame?) -> String {
        let runs = data.runs
        var sheet = TextSheet(rowCount: runs.count)
        sheet.add(.figures("run"), runs.map { String($0.row.run) })
        sheet.add(.words("variant"), runs.map(\.row.variant))
        sheet.add(.figures("seed"), runs.map { String($0.row.seed) })
        sheet.add(.words("status"), runs.map { $0.trouble ?? $0.row.status.rawValue })
        sheet.add(.figures("samples/s"), runs.map { Figures.short($0.row.samplesPerSecond) })
        sheet.add(.figures("loss"), runs.map { Figures.fixed($0.row.finalLoss, decimals: 4) })
        sheet.add(
            .figures("accuracy"), runs.map { Figures.fixed($0.row.finalAccuracy, decimals: 4) })
        sheet.add(
            .words("started"),
            runs.map { $0.detail.startedAt.map(RunsTable.wholeSeconds) ?? Figures.unknown })
        sheet.add(.words("checksum"), runs.map { $0.row.checksum ?? Figures.unknown })
        let table = ReportMarkup.table(sheet, name: "Runs") { row, column in
            let text = ReportMarkup.text(sheet.rows[row][column])
            guard column == 0, let frame else { return text }
            return "<a href=\"\(ReportMarkup.text(frame.run(runs[row].row.run)))\">\(text)</a>"
        }
        guard data.earlierRuns > 0 else { return table }
        return table + "<p>The newest run of every variant and seed; "
            + "\(data.earlierRuns) earlier ones are in the database.</p>\n"
    }

    /// The experiment file, word for word, of the newest run.
    static func experiment(_ data: ReportData) -> String {
        let newest = data.runs.max { $0.row.run < $1.row.run }
        let texts = Set(data.runs.map(\.detail.description.experimentText))
        let note =
            texts.count > 1
            ? "<p>The runs are from \(texts.count) different texts; this is the newest run's.</p>\n"
            : ""
        let text = newest?.detail.description.experimentText ?? ""
        return note + "<pre>\(ReportMarkup.text(text))</pre>\n"
    }

    /// What the runs ran on; a fact that differs has all its values.
    static func machine(_ data: ReportData) -> String {
        let contexts = data.runs.map { run in
            RunContext(
                hash: run.detail.description.contextHash, json: run.detail.description.context)
        }
        func distinct(_ values: [String?]) -> String {
            var seen: [String] = []
            for value in values.map({ $0 ?? Figures.unknown }) where !seen.contains(value) {
                seen.append(value)
            }
            return seen.joined(separator: "; ")
        }
        let keys = Set(contexts.flatMap { $0.facts.map(\.key) }).sorted()
        var facts = [
            ("host", distinct(data.runs.map(\.row.host))),
            ("revision", distinct(data.runs.map(\.row.gitRevision))),
        ]
        facts += keys.map { key in
            (key, distinct(contexts.map { $0.facts.first { $0.key == key }?.value }))
        }
        facts.append(("context", distinct(data.runs.map(\.row.contextHash))))
        var sheet = TextSheet(rowCount: facts.count)
        sheet.add(.words("fact"), facts.map(\.0))
        sheet.add(.words("value"), facts.map(\.1))
        return "<div class=\"facts\">\n\(ReportMarkup.table(sheet, name: "Machine"))</div>\n"
    }

    /// What to type to have all of this again.
    static func commands(_ data: ReportData) -> String {
        let name = ShellWord.quoted(data.experiment)
        var lines = [
            "# the text above, as a file", "peerless run experiment.yaml",
            "# this page, from the database", "peerless report \(name) -o report.html",
            "# the table, for the terminal and for programs",
            "peerless compare --experiment \(name)",
            "peerless compare --experiment \(name) --format json",
        ]
        if let run = data.runs.first(where: \.isTimed) {
            lines += [
                "# one run again, bit by bit (\(TextSheet.plain(run.row.variant)))",
                "peerless reproduce \(run.row.run)",
                "# what bounds its step", "peerless explain \(run.row.run)",
            ]
        }
        let text = lines.joined(separator: "\n")
        return "<pre>\(ReportMarkup.text(text))</pre>\n"
    }
}
