import ArgumentParser
import Reporting
import RunStore

/// `peerless runs`: the list of runs.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List the recorded runs, oldest first.")

    @Option(name: .shortAndLong, help: "Only runs of this experiment.")
    var experiment: String?

    @Option(help: "How to print.")
    var format: OutputFormat = .table

    @OptionGroup var store: StoreOptions

    func run() throws {
        let runs = try store.answer { store throws(StoreError) in
            try store.runs(RunFilter(experiment: experiment))
        }
        let text = RunsTable.render(runs, format: format, width: TerminalWidth.current())
        print(text, terminator: "")
    }
}
