import Foundation
import Reporting
import RunStore
import Testing

@Suite struct ComparisonTableTests {
    private let rows = [
        completedRow(run: 1, variant: "dense-server", topology: "server", method: "dense"),
        failedRow(run: 2), completedRow(run: 3),
    ]

    private func lines(_ width: Int?) -> [Substring] {
        ComparisonTable.render(rows, format: .table, width: width).split(separator: "\n")
    }

    private func widest(_ lines: [Substring]) -> Int {
        // The notes are prose and may wrap; the tables must not.
        lines.filter { !$0.contains("medians over") }.map(\.count).max() ?? 0
    }

    @Test("a wide terminal gets one table with every column")
    func wide() throws {
        let lines = lines(nil)
        let header = try #require(lines.first { $0.contains("variant") })
        let titles = [
            "run", "variant", "topology", "method", "samples/s", "step", "compute", "encode",
            "exchange", "wait", "decode", "update", "sent", "server", "compr.", "loss", "accuracy",
            "target", "speed-up",
        ]
        for title in titles { #expect(header.contains(title), "\(title)") }
        let row = try #require(lines.first { $0.contains("gs-sgd") })
        let cells = [
            "3072", "41.7", "25.1", "1.23", "163 KiB", "1.18 MiB", "7.1x", "0.4322", "0.8532",
            "9.87", "1.43x",
        ]
        for cell in cells { #expect(row.contains(cell), "\(cell)") }
    }

    @Test("160 columns hold one table, 120 hold two, and none is wider than its terminal")
    func widths() {
        for width in [80, 100, 120, 140, 160, 180, 200] {
            let lines = lines(width)
            #expect(widest(lines) <= width)
            let tables = lines.count { $0.contains("variant ") }
            if width >= 160 { #expect(tables == 1, "\(width) columns") }
            if width <= 120 { #expect(tables == 2, "\(width) columns") }
        }
    }

    @Test("what all rows share stands above the table")
    func facts() {
        let first = lines(nil).first
        #expect(
            first
                == "quickstart: 4 workers, 44,426 parameters, 300 steps, seed 1, bare machine")
    }

    @Test("seeds, links and experiments become columns where they differ")
    func differing() throws {
        var other = completedRow(seed: 7)
        other.link = "1gbit 200us"
        other.experiment = "second"
        let text = ComparisonTable.render(rows + [other], format: .table, width: nil)
        let header = try #require(text.split(separator: "\n").first { $0.contains("variant") })
        for title in ["experiment", "seed", "link"] { #expect(header.contains(title)) }
        #expect(text.hasPrefix("several experiments: "))
    }

    @Test(
        "a failed run has dashes in the table and its words below",
        arguments: [
            OutputFormat.table, .markdown,
        ])
    func failure(format: OutputFormat) throws {
        let text = ComparisonTable.render(rows, format: format, width: nil)
        let row = try #require(text.split(separator: "\n").first { $0.contains("dense-ring") })
        #expect(row.contains("failed") && row.contains("-"))
        #expect(text.contains("dense-ring (run 2, seed 1) failed: worker 2 was lost at step 17"))
        #expect(text.contains("against dense-server"))
    }

    @Test("a diverged run shows neither loss nor accuracy")
    func diverged() {
        var row = completedRow()
        row.finalLoss = nil
        row.finalAccuracy = nil
        row.failure = "diverged: the loss is not finite at step 3"
        let text = ComparisonTable.render([row], format: .table, width: nil)
        #expect(text.contains(" diverged        - "))
        #expect(text.contains("gs-sgd (run 1, seed 1): diverged: the loss is not finite"))
    }

    @Test("JSON is an array of the rows")
    func json() throws {
        let text = ComparisonTable.render(rows, format: .json, width: 10)
        let found = try JSONDecoder().decode([ComparisonRow].self, from: Data(text.utf8))
        #expect(found.map(\.run) == [1, 2, 3])
        #expect(found[1].samplesPerSecond == nil)
        #expect(text.contains("\"compression\" : null"))
        #expect(ComparisonTable.render(rows, format: .json, width: nil) == text)
    }

    @Test("CSV has as many fields in every record, empty where unknown")
    func csv() {
        let text = ComparisonTable.render(rows, format: .csv, width: nil)
        let records = text.components(separatedBy: "\r\n")
        #expect(records.count == 5 && records[4].isEmpty)
        #expect(records[0].hasPrefix("run,experiment,variant,seed,status,topology,method"))
        #expect(records[0].contains(",stepMilliseconds.total,stepMilliseconds.compute,"))
        let counts = records[0..<4].map {
            $0.split(separator: ",", omittingEmptySubsequences: false).count
        }
        #expect(counts == [49, 49, 49, 49])
        #expect(records[2].hasSuffix(",worker 2 was lost at step 17,,,,,,,,,,,false,,,,,"))
    }

    @Test("Markdown escapes the bars of names, and no name breaks a line")
    func hostileNames() {
        var row = completedRow(variant: "a|b\nc\u{1B}[31m")
        row.failure = "two\r\nlines"
        let markdown = ComparisonTable.render([row], format: .markdown, width: nil)
        #expect(markdown.contains("a\\|b c [31m"))
        #expect(!markdown.contains("\u{1B}"))
        let text = ComparisonTable.render([row], format: .table, width: nil)
        #expect(text.contains("two  lines") && !text.contains("\u{1B}"))
    }
}
