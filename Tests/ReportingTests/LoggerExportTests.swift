import Foundation
import Reporting
import RunStore
import Testing

@Suite struct LoggerExportTests {
    @Test("MLflow finds experiment, run, parameters, tags and metrics where it looks for them")
    func mlflow() throws {
        let files = try MLflowExport.files([timedRun(name: "a/b: \"c\"")], folder: "/out")
        let paths = files.map(\.path)
        let id = try #require(paths.first?.split(separator: "/").first)
        #expect(id.allSatisfy { $0.isNumber })
        let run = "\(id)/00112233445566778899aabbccddeeff"
        for path in [
            "\(id)/meta.yaml", "\(run)/meta.yaml", "\(run)/params/workers",
            "\(run)/artifacts/experiment.yaml",
            "\(run)/tags/mlflow.runName", "\(run)/metrics/loss", "\(run)/metrics/test_accuracy",
            "\(run)/metrics/summary.samples_per_second",
        ] { #expect(paths.contains(path), "\(path)") }
        func text(_ path: String) -> String { files.first { $0.path == path }?.text ?? "" }
        #expect(text("\(id)/meta.yaml").contains(#"name: "a/b: \"c\"""#))
        #expect(text("\(run)/meta.yaml").contains("status: 3\n"))
        let lines = text("\(run)/metrics/loss").split(separator: "\n").map {
            $0.split(separator: " ")
        }
        #expect(lines.count == 3)
        #expect(lines.map { $0.last } == ["0", "1", "2"] && lines.allSatisfy { $0[1] == "0.5" })
        let moments = lines.compactMap { Int64($0[0]) }
        #expect(moments == moments.sorted() && moments.first == 1_769_850_001_002)
        // A loss that was not finite is no line.
        #expect(text("\(run)/metrics/test_loss").split(separator: "\n").count == 1)
    }

    @Test("every MLPerf line is the mark and an object with the keys that its parsers ask for")
    func mlperf() throws {
        let lines = try MLPerfExport.lines([timedRun()]).split(separator: "\n")
        var keys: [String] = []
        var latest = 0
        for line in lines {
            #expect(line.hasPrefix(":::MLLOG {"))
            let data = Data(line.dropFirst(":::MLLOG ".count).utf8)
            let object = try #require(
                try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(
                Set(object.keys) == [
                    "namespace", "time_ms", "event_type", "key", "value", "metadata",
                ])
            let metadata = try #require(object["metadata"] as? [String: Any])
            #expect(metadata["file"] != nil && metadata["lineno"] != nil)
            let moment = try #require(object["time_ms"] as? Int)
            #expect(moment >= latest)
            latest = moment
            keys.append(try #require(object["key"] as? String))
        }
        #expect(keys.first == "init_start" && keys.last == "run_stop")
        #expect(keys.count { $0 == "train_loss" } == 3)
        #expect(keys.count { $0 == "eval_start" } == 2 && keys.count { $0 == "eval_stop" } == 2)
        #expect(keys.count { $0 == "eval_accuracy" } == 2)
        #expect(keys.firstIndex(of: "run_start") ?? 0 < keys.firstIndex(of: "train_loss") ?? 0)
    }
}
