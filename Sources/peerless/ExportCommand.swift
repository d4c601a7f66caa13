public import ArgumentParser
import Foundation
public import Reporting
import RunStore

extension ExportFormat: ExpressibleByArgument {}

/// `peerless export`: the raw measurements for other programs.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what was measured for other programs.",
        discussion: """
            csv has every step of every node, json the evaluations too; archive is a database for \
            'peerless import'. trace opens in Perfetto and chrome://tracing, mlflow is a folder for \
            'mlflow ui --backend-store-uri', mlperf are log lines.
            """)

    @OptionGroup var selection: RunSelection

    @Option(help: "What to write.")
    var format: ExportFormat = .csv

    @Option(name: .shortAndLong, help: "File to write. Default: standard output.")
    var output: String?

    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard format != .mlflow || OutputFile.isNamed(output) else {
            throw ValidationError("--format mlflow: is a folder; name it with -o FOLDER")
        }
        guard format != .archive || OutputFile.isNamed(output) else {
            throw ValidationError("--format archive: is a database; name its file with -o FILE")
        }
    }

    func run() throws {
        try store.reporting {
            let database = try RunStore(path: store.path, readOnly: true)
            let rows = try database.comparison(selection.filter())
            if let timed = TimedExport(rawValue: format.rawValue) {
                return try timed.write(rows.map(\.run), of: database, to: output)
            }
            guard let exporter = format.exporter else {
                return try archive(rows.map(\.run), of: database)
            }
            try write(rows, of: database, with: exporter)
        }
    }

    private func write(
        _ rows: [ComparisonRow], of database: RunStore, with exporter: any RunExporter
    ) throws {
        var file = try OutputFile(output)
        var count = 0
        try file.write(exporter.opening)
        for (index, row) in rows.enumerated() {
            let run = ExportedRun(
                row: row, detail: try database.detail(run: row.run),
                steps: try database.steps(run: row.run))
            count += run.steps.count
            try file.write(exporter.text(of: run, isFirst: index == 0))
        }
        try file.write(exporter.closing)
        if let path = try file.finish() {
            StandardError.print(
                "wrote \(counted(count, "step")) of \(counted(rows.count, "run")) to \(path)")
        }
    }

    private func archive(_ runs: [Int64], of database: RunStore) throws {
        guard let output else { return }
        try database.archive(runs: runs, to: output)
        StandardError.print("wrote \(counted(runs.count, "run")) to \(output)")
    }
}
