import Foundation
import Reporting
import RunStore
import Statistics
import Testing

@Suite("Trend")
struct TrendTests {
    /// Three runs of every revision: `level` of its place, and noise of up to 2 % from the seed.
    private func history(
        revisions: Int, seed: UInt64, level: (Int) -> Double
    ) -> CaseHistory {
        var generator = SeededGenerator(seed: seed)
        let entries = (0..<revisions).flatMap { place in
            (0..<3).map { run in
                var row = completedRow(run: Int64(3 * place + run))
                row.gitRevision = "r\(place)"
                let noise = Double(generator.next() % 1_000) / 50_000
                row.stepMilliseconds.total = level(place) * (1 + noise)
                return CaseHistory.Entry(row: row, createdAt: "2026-01-31T09:00:00.\(100 + place)Z")
            }
        }
        return CaseHistory(caseHash: "aa", contextHash: "cc", entries: entries)
    }

    @Test("a planted change is found at its revision, with its size", arguments: 1...20)
    func planted(seed: UInt64) throws {
        let trend = Trend(
            history(revisions: 16, seed: seed) { $0 < 9 ? 20 : 22 }, metric: .stepMilliseconds)
        let change = try #require(trend.changes.first)
        #expect(trend.changes.count == 1 && change.revision == "r9" && !change.isBetter)
        #expect(abs((change.percent ?? 0) - 10) < 2)
        #expect(change.p <= ChangePoints.level)
    }

    @Test("a wild revision hides no change and is named", arguments: [0, 4, 11, 15])
    func wild(place: Int) throws {
        var history = history(revisions: 16, seed: 7) { $0 < 9 ? 20 : 22 }
        for index in 3 * place..<3 * place + 3 {
            history.entries[index].row.stepMilliseconds.total = 500
        }
        let trend = Trend(history, metric: .stepMilliseconds)
        #expect(trend.wild == ["r\(place)"])
        #expect(trend.changes.map(\.revision) == ["r9"])
        let text = TrendReport.render(trend, format: .markdown, width: nil)
        #expect(text.contains("not asked for changes: r\(place)."))
    }

    @Test("noise around one level is no change", arguments: 1...20)
    func constant(seed: UInt64) {
        let trend = Trend(
            history(revisions: 30, seed: seed) { _ in 20 }, metric: .stepMilliseconds)
        #expect(trend.changes.isEmpty)
    }

    @Test("an exact count that grows by a byte is a change")
    func bytes() {
        var history = history(revisions: 8, seed: 1) { _ in 20 }
        for index in history.entries.indices {
            history.entries[index].row.bytesSentPerWorkerStep = index < 12 ? 1_000 : 1_001
        }
        let trend = Trend(history, metric: .bytes)
        #expect(trend.changes.map(\.revision) == ["r4"])
        #expect(trend.changes.first?.p == 0)
    }

    @Test("a change for the better is one by the metric's own direction")
    func better() {
        var history = history(revisions: 12, seed: 1) { $0 < 6 ? 20 : 10 }
        for index in history.entries.indices {
            let milliseconds = history.entries[index].row.stepMilliseconds.total ?? 1
            history.entries[index].row.samplesPerSecond = 1_000 / milliseconds
        }
        for metric in [RunMetric.stepMilliseconds, .samplesPerSecond] {
            #expect(Trend(history, metric: metric).changes.map(\.isBetter) == [true])
        }
    }

    @Test("a revision stands where its first run does, with the median of all its runs")
    func order() {
        var history = history(revisions: 3, seed: 1) { Double($0 + 1) }
        let late = history.entries.removeFirst()
        history.entries.append(late)
        let trend = Trend(history, metric: .stepMilliseconds)
        #expect(trend.revisions.map(\.revision) == ["r0", "r1", "r2"])
        #expect(trend.revisions.map(\.runs) == [3, 3, 3])
        #expect(trend.revisions.allSatisfy { $0.least <= $0.median && $0.median <= $0.greatest })
    }

    @Test("runs without a revision or a figure are left out and counted")
    func leftOut() {
        var history = history(revisions: 4, seed: 1) { _ in 1 }
        history.entries[0].row.gitRevision = nil
        history.entries[1].row.stepMilliseconds.total = nil
        let trend = Trend(history, metric: .stepMilliseconds)
        #expect(trend.runsWithoutRevision == 1 && trend.runsWithoutValue == 1)
        #expect(trend.revisions.map(\.runs) == [1, 3, 3, 3])
        let text = TrendReport.render(trend, format: .table, width: nil)
        #expect(text.contains("4 of the 6 revisions"))
        #expect(text.contains("1 run without a git revision"))
    }

    @Test("every format tells the change, the table in no more columns than there are")
    func formats() throws {
        var history = history(revisions: 12, seed: 3) { $0 < 6 ? 20 : 30 }
        history.otherContexts = [
            CaseHistory.Apart(hash: "dd", runs: 2, differingKeys: ["cores", "processor"])
        ]
        let trend = Trend(history, metric: .stepMilliseconds)
        for width in [40, 60, 80, 120] {
            let text = TrendReport.render(trend, format: .table, width: width)
            #expect(text.contains("Change at r6:"))
            #expect(text.contains("2 runs of context dd, which differs in cores, processor"))
            let parts = text.components(separatedBy: "\n\n")
            let widest = parts[1...2].joined(separator: "\n").split(separator: "\n").map(\.count)
            #expect((widest.max() ?? 0) <= width)
        }
        #expect(TrendReport.render(trend, format: .markdown, width: nil).contains("- Change at r6"))
        let csv = TrendReport.render(trend, format: .csv, width: nil).split(separator: "\r\n")
        #expect(csv.count == 13 && csv.first?.hasPrefix("revision,firstRunAt,runs,median") == true)
        let json = TrendReport.render(trend, format: .json, width: nil)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let changes = try #require(object["changes"] as? [[String: Any]])
        #expect(changes.first?["revision"] as? String == "r6")
        #expect((object["revisions"] as? [Any])?.count == 12)
    }
}
