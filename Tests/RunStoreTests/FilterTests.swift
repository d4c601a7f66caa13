import Foundation
import RunStore
import Testing

@Suite struct FilterTests {
    private let folder: Folder
    private let store: RunStore

    /// 1 dense server, 2 sketch ring of 4 at revision abc, 3 topk ring on another host, failed.
    init() throws {
        folder = try Folder()
        store = try RunStore(path: folder.database)
        try store.completeRun(describedRun(experiment: "old"))
        var sketch = describedRun(
            variant: "s", topology: "ring", methodName: "sketch", workers: 4)
        sketch.gitRevision = "abc1234-dirty"
        try store.completeRun(sketch)
        var topk = describedRun(variant: "t", topology: "ring", methodName: "topk")
        topk.host = #"{"host": "beta"}"#
        let run = try store.createRun(topk)
        try store.setStatus(run: run, .failed, failure: "why")
        try store.insert(nodes: [
            NodeRow(run: 2, rank: 0, role: "worker", name: "w", host: "gamma", pid: 1)
        ])
    }

    private func found(_ change: (inout RunFilter) -> Void) throws -> [Int64] {
        var filter = RunFilter()
        change(&filter)
        return try store.runs(filter).map(\.run)
    }

    @Test("every part of a filter narrows, and all parts together do")
    func parts() throws {
        #expect(try found { _ in } == [1, 2, 3])
        #expect(try found { $0.experiment = "quickstart" } == [2, 3])
        #expect(try found { $0.variants = ["s", "t"] } == [2, 3])
        #expect(try found { $0.methods = ["sketch"] } == [2])
        #expect(try found { $0.methods = ["topk k=1%", "dense"] } == [1, 3])
        #expect(try found { $0.topologies = ["server"] } == [1])
        #expect(try found { $0.workers = [4] } == [2])
        #expect(try found { $0.statuses = [.failed] } == [3])
        #expect(try found { $0.revision = "abc1" } == [2])
        #expect(try found { $0.revision = "bc" } == [])
        #expect(try found { $0.host = "beta" } == [3])
        #expect(try found { $0.host = "gamma" } == [2])
        #expect(try found { $0.since = Date(timeIntervalSinceNow: 60) } == [])
        #expect(try found { $0.until = Date(timeIntervalSinceNow: 60) } == [1, 2, 3])
        #expect(try found { $0.limit = 2 } == [2, 3])
        #expect(
            try found {
                $0.topologies = ["ring"]; $0.workers = [2]
            } == [3])
    }

    @Test("a condition is SQL over the view, whatever it ends with")
    func condition() throws {
        #expect(try found { $0.condition = "final_loss < 2 AND workers = 4" } == [2])
        #expect(try found { $0.condition = "workers = 2 OR 1 -- all" } == [1, 2, 3])
        #expect(
            try found {
                $0.condition = "seconds IS NULL"; $0.variants = ["s"]
            } == [])
    }

    @Test(
        "a bad condition gets SQLite's words and the columns there are, and changes nothing",
        arguments: [
            ("no_such < 2", "no_such"), ("workers <", "syntax"),
            ("1); DELETE FROM run; --", "more than one"), ("1; DELETE FROM run", "syntax"),
            ("run = 1) OR (1", "syntax"), ("1 ORDER BY 1", "syntax"),
            ("run IN (DELETE FROM run RETURNING id)", "syntax"),
            ("json_extract(variant, '$')", "JSON"),
        ])
    func badCondition(condition: String, word: String) throws {
        var filter = RunFilter()
        filter.condition = condition
        let error = #expect(throws: StoreError.self) { try store.runs(filter) }
        let words = try #require(error).description
        #expect(words.contains(word), "\(words)")
        #expect(words.contains("--where \(condition)") && words.contains("samples_per_second"))
        var comparison = ComparisonFilter()
        comparison.among.condition = condition
        #expect(throws: StoreError.self) { try store.comparison(comparison) }
        #expect(try store.runs().count == 3)
    }

    @Test("a condition that never ends is stopped, and said to be too long")
    func endless() throws {
        var limits = RunStore.Limits()
        limits.conditionSeconds = 0.05
        let reader = try RunStore(path: folder.database, readOnly: true, limits: limits)
        var filter = RunFilter()
        filter.condition = """
            (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
            SELECT count(*) FROM c) > 0
            """
        let error = #expect(throws: StoreError.self) { try reader.runs(filter) }
        #expect("\(try #require(error))".contains("ran too long"))
        filter.condition = "workers > 0"
        #expect(try reader.runs(filter).count == 3)
    }

    @Test("a comparison takes the newest runs that match, against a baseline that need not")
    func comparison() throws {
        try store.completeRun(describedRun(), unit: 4_000_000)
        var filter = ComparisonFilter(experiment: "quickstart")
        filter.among.variants = ["s"]
        let rows = try store.comparison(filter)
        #expect(rows.map(\.run) == [2] && rows.map(\.baselineRun) == [4])
        #expect(rows.map(\.speedup) == [8])
        var latest = ComparisonFilter()
        latest.among.methods = ["dense"]
        latest.among.until = Date(timeIntervalSinceNow: 60)
        #expect(try store.comparison(latest).map(\.run) == [4])
        latest.among.workers = [99]
        #expect(throws: StoreError.nothingMatches) { try store.comparison(latest) }
        var named = ComparisonFilter(runs: [3, 2])
        named.among.statuses = [.completed]
        #expect(try store.comparison(named).map(\.run) == [2])
    }
}
