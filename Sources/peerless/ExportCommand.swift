import ArgumentParser
import Foundation
import Reporting
import RunStore

/// `peerless export`: the raw measurements for other programs.
struct ExportCommand: ParsableCommand {
    /// What other programs read.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case csv, json
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write every step of every node, in JSON with the evaluations too.")

    @OptionGroup var selection: RunSelection

    @Option(help: "What to write.")
    var format: Format = .csv

    @Option(name: .shortAndLong, help: "File to write. Default: standard output.")
    var output: String?

    @OptionGroup var store: StoreOptions

    func run() throws {
        let runs = try store.answer { store throws(StoreError) in
            var runs: [StepExport] = []
            for row in try store.comparison(selection.filter()) {
                runs.append(
                    StepExport(
                        row, steps: try store.steps(run: row.run),
                        evaluations: try store.evaluations(run: row.run)))
            }
            return runs
        }
        let text = format == .csv ? StepExport.csv(runs) : StepExport.json(runs)
        guard let output, output != "-" else {
            print(text, terminator: "")
            return
        }
        do {
            try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
        } catch {
            StandardError.print("peerless: \(output): cannot be written: \(error)")
            throw ExitCode(1)
        }
        StandardError.print("wrote \(runs.map(\.steps.count).reduce(0, +)) steps to \(output)")
    }
}
