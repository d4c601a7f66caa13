import Foundation
import Reporting
import RunStore
import Testing

@Suite struct ColumnTests {
    private var rows: [ComparisonRow] {
        var slow = completedRow(run: 1, variant: "b")
        slow.samplesPerSecond = 10
        let fast = completedRow(run: 2, variant: "a")
        return [slow, fast, failedRow(run: 3)]
    }

    private func runs(_ order: [String], limit: Int? = nil) throws -> [Substring] {
        try ComparisonTable.render(
            rows, format: .csv, width: nil,
            choice: ColumnChoice(columns: ["run"], order: order, limit: limit)
        ).split(separator: "\r\n").dropFirst().map { $0 }
    }

    @Test("rows are sorted by columns, unknown values last, equal ones as they were")
    func sorting() throws {
        #expect(try runs(["samplesPerSecond"]) == ["1", "2", "3"])
        #expect(try runs(["-samples_per_second"]) == ["2", "1", "3"])
        #expect(try runs(["topology", "-run"]) == ["3", "2", "1"])
        #expect(try runs(["experiment"]) == ["1", "2", "3"])
        #expect(try runs(["-total"], limit: 2) == ["1", "2"])
        #expect(try runs([], limit: 1) == ["1"])
    }

    @Test("chosen columns are printed in the order asked for, in every format")
    func formats() throws {
        func text(_ format: OutputFormat) throws -> String {
            try ComparisonTable.render(
                rows, format: format, width: nil,
                choice: ColumnChoice(columns: ["variant", "finalLoss", "total_milliseconds"]))
        }
        #expect(
            try text(.csv)
                == "variant,finalLoss,stepMilliseconds.total\r\nb,0.43219,41.66\r\n"
                + "a,0.43219,41.66\r\ndense-ring,,\r\n")
        let objects = try JSONSerialization.jsonObject(with: Data(text(.json).utf8))
        let list = try #require(objects as? [[String: Any]])
        #expect(list.map { $0["variant"] as? String } == ["b", "a", "dense-ring"])
        #expect(list[2]["finalLoss"] is NSNull && list[0].count == 3)
        #expect(try text(.table).contains("0.4322"))
        #expect(try text(.markdown).contains("|"))
    }

    @Test("a column that is not there is named with those that are")
    func unknown() throws {
        for choice in [ColumnChoice(columns: ["speeed"]), ColumnChoice(order: ["-speeed"])] {
            let error = #expect(throws: ColumnError.self) {
                try RunsTable.render([], format: .table, width: nil, choice: choice)
            }
            let words = try #require(error).description
            #expect(words.contains("found speeed") && words.contains("samplesPerSecond"))
        }
    }

    @Test("a comparison tells unproven speed-ups, where compressing pays, and the front")
    func judgement() {
        var row = completedRow(run: 1)
        row.isUnproven = true
        row.isParetoOptimal = true
        var other = completedRow(run: 2, variant: "x")
        other.breakEven = .below
        other.breakEvenBitsPerSecond = 2.5e8
        other.isParetoOptimal = false
        let text = ComparisonTable.render(
            [row, other], format: .table, width: nil, differingContext: ["cores", "system"])
        for part in ["1.43x?", "250 Mbit/s", "*0.4322", "cores, system differ", "unproven"] {
            #expect(text.contains(part), "\(part)")
        }
        let calm = ComparisonTable.render([completedRow()], format: .table, width: nil)
        #expect(!calm.contains("?") && !calm.contains("*") && !calm.contains("differ."))
    }
}
