import Foundation
import Reporting
import RunStore
import Testing

@Suite struct FaultReportTests {
    private var harmed: ComparisonRow {
        var row = completedRow(run: 3, variant: "ring-kill")
        row.faults = FaultFigures(
            recoveries: 2, detectSeconds: 1.25, recoverSeconds: 0.5, stepsRedone: 3,
            samplesLost: 64, lossBump: 0.0625)
        return row
    }

    private func detail() -> RunDetail {
        var detail = sampleDetail(harmed)
        var lost = RecoveryRow(
            run: 3, generation: 1, cause: .workerLost, detectedAt: Date(timeIntervalSince1970: 9),
            step: 151, worldBefore: 4, worldAfter: 3)
        lost.node = "w2"
        lost.detectSeconds = 2.5
        lost.recoverSeconds = 0.125
        lost.stepsRedone = 1
        lost.samplesLost = 32
        lost.residualNorm = 0.75
        lost.lossBefore = 0.5
        lost.lossAfter = 0.5625
        let joined = RecoveryRow(
            run: 3, generation: 2, cause: .workerJoined,
            detectedAt: Date(timeIntervalSince1970: 9), step: 200, worldBefore: 3, worldAfter: 4)
        detail.recoveries = [lost, joined]
        detail.checkpoints = (0..<3).map { rank in
            CheckpointRow(
                run: 3, step: 100, rank: rank, world: 4, path: "/c", bytes: 1024,
                nanoseconds: Int64(rank + 1) * 1_500_000, checksum: "ab")
        }
        return detail
    }

    private func cells(_ text: String, _ word: String) throws -> String {
        let line = try #require(text.split(separator: "\n").first { $0.contains(word) })
        return line.split(separator: " ").joined(separator: " ")
    }

    @Test("a report shows each recovery and what it cost, and each checkpoint")
    func report() throws {
        let text = RunReport.render(detail(), steps: nil, format: .table, width: nil)
        #expect(
            try cells(text, "worker lost")
                == "worker lost w2 151 2.50 0.13 1 32 0.7500 4 -> 3 0.5000 -> 0.5625")
        #expect(try cells(text, "worker joined") == "worker joined - 200 - - 0 0 - 3 -> 4 - -> -")
        #expect(try cells(text, "3 of 4") == "100 3 of 4 3.00 KiB 4.50")
        let calm = RunReport.render(
            sampleDetail(completedRow()), steps: nil, format: .table, width: nil)
        #expect(!calm.contains("recoveries\n") && !calm.contains("checkpoints\n"))
    }

    @Test("a loss that ended the run says that nobody ever recovered")
    func never() throws {
        var detail = detail()
        detail.recoveries[0].worldAfter = 0
        detail.recoveries[0].recoverSeconds = nil
        let text = RunReport.render(detail, steps: nil, format: .table, width: nil)
        #expect(try cells(text, "worker lost").contains("2.50 never 1 32"))
        #expect(try cells(text, "worker lost").contains("4 -> 0"))
    }

    @Test("a server's part of a checkpoint is no worker's, and fewer workers' is another one")
    func parts() throws {
        var detail = detail()
        func part(_ rank: Int, of world: Int) -> CheckpointRow {
            CheckpointRow(
                run: 3, step: 100, rank: rank, world: world, path: "/c", bytes: 1024,
                nanoseconds: 1_000_000, checksum: "ab")
        }
        detail.checkpoints =
            (0..<5).map { part($0, of: 4) } + [part(0, of: 2), part(1, of: 2)]
        let text = RunReport.render(detail, steps: nil, format: .table, width: nil)
        #expect(try cells(text, "of 4") == "100 4 of 4 and server 5.00 KiB 1.00")
        #expect(try cells(text, "of 2") == "100 2 of 2 2.00 KiB 1.00")
    }

    @Test("nodes show their generation once there is more than one")
    func generations() throws {
        var detail = detail()
        let calm = RunReport.render(detail, steps: nil, format: .table, width: nil)
        #expect(!calm.contains("generation"))
        detail.nodes.append(
            NodeRow(
                run: 3, rank: 0, role: "worker", name: "w1", host: "h", pid: 43, generation: 1))
        let text = RunReport.render(detail, steps: nil, format: .table, width: nil)
        #expect(try cells(text, "w1") == "1 0 worker w1 h 43")
    }

    @Test("a report's JSON holds recoveries and checkpoints")
    func reportJSON() throws {
        let text = RunReport.render(detail(), steps: nil, format: .json, width: nil)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let recoveries = try #require(object["recoveries"] as? [[String: Any]])
        #expect(recoveries.map { $0["cause"] as? String } == ["worker lost", "worker joined"])
        #expect(recoveries[0]["detectedAt"] as? String == "1970-01-01T00:00:09.000Z")
        #expect(recoveries[1]["residualNorm"] is NSNull)
        #expect((object["checkpoints"] as? [Any])?.count == 3)
    }

    @Test("a comparison gains columns of faults when a row has any, and only then")
    func columns() throws {
        let titles = ["recoveries", "detect s", "recover s", "redone", "lost", "loss bump"]
        let calm = ComparisonTable.render([completedRow()], format: .table, width: nil)
        #expect(!calm.contains("recoveries") && !calm.contains("bump"))
        let rows = [completedRow(), harmed]
        let text = ComparisonTable.render(rows, format: .table, width: nil)
        let header = try #require(text.split(separator: "\n").first { $0.contains("variant") })
        for title in titles { #expect(header.contains(title), "\(title)") }
        #expect(try cells(text, "ring-kill").hasSuffix(" 2 1.25 0.50 3 64 0.0625"))
        #expect(try cells(text, "gs-sgd").hasSuffix(" - - - - - -"))
        #expect(text.contains("Redone: steps done again"))
    }

    @Test("a narrow terminal gets the faults in a table of their own", arguments: [80, 100, 120])
    func narrow(width: Int) {
        let rows = [completedRow(), harmed]
        let lines = ComparisonTable.render(rows, format: .table, width: width)
            .split(separator: "\n")
        let tables = lines.filter { $0.contains("variant ") }
        #expect(tables.count == 3 && tables.last?.contains("recoveries") == true)
        for line in tables { #expect(line.count <= width) }
    }

    @Test("JSON gives the faults of a row as an object, or null; CSV as columns, or nothing")
    func machineReadable() throws {
        let rows = [completedRow(), harmed]
        let json = ComparisonTable.render(rows, format: .json, width: nil)
        let objects = try #require(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(objects[0]["faults"] is NSNull)
        let faults = try #require(objects[1]["faults"] as? [String: Double])
        #expect(
            faults == [
                "recoveries": 2, "detectSeconds": 1.25, "recoverSeconds": 0.5, "stepsRedone": 3,
                "samplesLost": 64, "lossBump": 0.0625,
            ])
        let records = ComparisonTable.render(rows, format: .csv, width: nil)
            .components(separatedBy: "\r\n")
        #expect(
            records[0].contains(
                ",failure,faults.recoveries,faults.detectSeconds,faults.recoverSeconds,"
                    + "faults.stepsRedone,faults.samplesLost,faults.lossBump,"))
        #expect(records[2].contains(",2,1.25,0.5,3,64,0.0625,"))
    }
}
