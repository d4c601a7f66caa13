import Foundation
import Reporting
import RunStore
import Testing

@Suite struct RunsTableTests {
    private func run(_ number: Int64, failure: String? = nil) -> RunListing {
        RunListing(
            run: number, experiment: "quick,\"start\"", variant: "line\r\nbreak", seed: 1,
            status: failure == nil ? .completed : .failed, topology: "ring", method: "dense",
            workers: 4, dataset: "digits", model: "mlp", steps: failure == nil ? 300 : nil,
            seconds: 1.5, createdAt: "2026-01-31T09:00:00.123Z", startedAt: nil, finishedAt: nil,
            failure: failure)
    }

    @Test("fields with commas, quotes or line ends are quoted, quotes doubled")
    func quoting() {
        let text = RunsTable.render([run(1), run(2, failure: "a, b")], format: .csv, width: nil)
        let expected =
            "run,experiment,variant,seed,status,topology,method,workers,dataset,model,steps,"
            + "seconds,createdAt,startedAt,finishedAt,failure,"
            + "link,host,gitRevision,caseHash,contextHash,samplesPerSecond,finalLoss,"
            + "finalAccuracy\r\n"
            + "1,\"quick,\"\"start\"\"\",\"line\r\nbreak\",1,completed,ring,dense,4,digits,mlp,"
            + "300,1.5,2026-01-31T09:00:00.123Z,,,,,,,,,,,\r\n"
            + "2,\"quick,\"\"start\"\"\",\"line\r\nbreak\",1,failed,ring,dense,4,digits,mlp,,1.5,"
            + "2026-01-31T09:00:00.123Z,,,\"a, b\",,,,,,,,\r\n"
        #expect(text == expected)
    }

    @Test("a narrow terminal loses columns, never the run, its status or its date")
    func narrow() {
        let runs = [run(1), run(2, failure: "gone")]
        for width in [90, 110, 130, 1000] {
            let text = RunsTable.render(runs, format: .table, width: width)
            let lines = text.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= width })
            for part in ["run", "status", "2026-01-31T09:00:00Z"] { #expect(text.contains(part)) }
            #expect(lines.last == "run 2 failed: gone")
            if width != 110 {
                #expect(lines.first?.contains("dataset") == (width > 110), "\(width) columns")
            }
        }
    }

    @Test("no runs are words for people and an empty list for programs")
    func none() {
        #expect(RunsTable.render([], format: .table, width: nil) == "no runs\n")
        #expect(RunsTable.render([], format: .csv, width: nil).hasPrefix("run,experiment"))
        let json = RunsTable.render([], format: .json, width: nil)
        let list = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [Any]
        #expect(list?.isEmpty == true)
    }

    @Test("JSON has explicit nulls")
    func json() {
        let text = RunsTable.render([run(1)], format: .json, width: nil)
        #expect(text.contains("\"failure\" : null") && text.contains("\"startedAt\" : null"))
    }
}
