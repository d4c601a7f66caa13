import ArgumentParser
import Foundation
import Reporting
import RunStore

/// An export that places steps in time: the formats of other tools.
enum TimedExport: String {
    case trace, mlflow, mlperf

    /// Writes runs to a file or standard output, and for MLflow to a folder.
    ///
    /// - Throws: `StoreError`, `OutputFile.Trouble`, and `ExitCode` 3 where what is recorded does not
    ///   suffice, once that is told.
    func write(_ runs: [Int64], of database: RunStore, to output: String?) throws {
        let runs = try runs.map { run in
            (detail: try database.detail(run: run), steps: try database.steps(run: run))
        }
        do {
            switch self {
            case .trace: try Self.write(try TraceExport.json(runs), to: output)
            case .mlperf: try Self.write(try MLPerfExport.lines(runs), to: output)
            case .mlflow: try Self.writeFolder(runs, to: output ?? "mlruns")
            }
        } catch let error as ExportError {
            StandardError.print("peerless: \(error)")
            throw ExitCode(3)
        }
    }

    private static func write(_ text: String, to output: String?) throws {
        var file = try OutputFile(output)
        try file.write(text)
        if let path = try file.finish() { StandardError.print("wrote \(path)") }
    }

    private static func writeFolder(
        _ runs: [(detail: RunDetail, steps: [StepRow])], to output: String
    ) throws {
        let root = URL(filePath: output).standardizedFileURL
        let files = try MLflowExport.files(runs, folder: root.path(percentEncoded: false))
        do {
            for file in files {
                let url = root.appending(path: file.path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.text.utf8).write(to: url, options: .atomic)
            }
        } catch {
            throw OutputFile.Trouble(path: output, detail: "\(error)")
        }
        StandardError.print("wrote \(counted(runs.count, "run")) to \(output)")
    }
}
