import Foundation
import Reporting
import RunStore
import Testing

@Suite struct RunReportTests {
    private let steps = [
        sampleStep(rank: 0, step: 0), sampleStep(rank: 4, step: 0, loss: nil),
    ]

    @Test("a report shows facts, figures, evaluations, nodes and events, and steps on request")
    func table() {
        let detail = sampleDetail(completedRow(run: 3))
        let text = RunReport.render(detail, steps: steps, format: .table, width: nil)
        let expected = [
            "run 3: quickstart, gs-sgd, seed 1", "4, batch 32 each", "bare machine", "44,426",
            "2026-01-31T09:00:00Z", "0123456789abcdef", "41.7: compute 25.1", "0.7000",
            "1970-01-01T00:00:00.000Z", "first second", "w0", "steps (times in milliseconds)",
        ]
        for part in expected { #expect(text.contains(part), "\(part)") }
        let short = RunReport.render(detail, steps: nil, format: .table, width: nil)
        #expect(!short.contains("steps (times"))
    }

    @Test("a failed run shows its words and no figures; a diverged evaluation no accuracy")
    func failed() throws {
        let text = RunReport.render(
            sampleDetail(failedRow()), steps: nil, format: .table, width: nil)
        #expect(text.contains("worker 2 was lost at step 17"))
        #expect(!text.contains("samples per second"))
        let row = try #require(text.split(separator: "\n").first { $0.contains("diverged") })
        #expect(!row.contains("0.1"))
    }

    @Test("JSON holds the detail, and the steps only on request")
    func json() throws {
        let detail = sampleDetail(completedRow(run: 3))
        for steps in [nil, steps] {
            let text = RunReport.render(detail, steps: steps, format: .json, width: nil)
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            #expect((object["steps"] as? [Any])?.count == steps?.count)
            let summary = try #require(object["summary"] as? [String: Any])
            #expect(summary["checksum"] as? String == "0123456789abcdef")
            let events = try #require(object["events"] as? [[String: Any]])
            #expect(events.first?["time"] as? String == "1970-01-01T00:00:00.000Z")
        }
    }

    @Test("exported steps name their run and role, with an empty loss on a server")
    func exported() throws {
        let export = StepExport(completedRow(run: 3), steps: steps, evaluations: [])
        let records = StepExport.csv([export, export]).components(separatedBy: "\r\n")
        #expect(records.count == 6)
        #expect(
            records[1]
                == "3,quickstart,gs-sgd,1,worker,0,0,0.5,2100000,100000,200000,300000,400000,"
                + "500000,600000,1500,2500,3,0")
        #expect(records[2].hasPrefix("3,quickstart,gs-sgd,1,server,4,0,,2100000,"))
        let text = StepExport.json([export])
        let runs = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        let found = try #require(runs.first?["steps"] as? [[String: Any]])
        #expect(found.last?["loss"] is NSNull)
        let report = RunReport.render(
            sampleDetail(completedRow(run: 3)), steps: steps, format: .csv, width: nil)
        #expect(report == StepExport.csv([export]))
    }
}
