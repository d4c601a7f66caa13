import ArgumentParser
import Reporting
import RunStore

/// `peerless runs`: the list of runs.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List the recorded runs, oldest first.")

    @Option(name: .shortAndLong, help: "Only runs of this experiment.")
    var experiment: String?

    @OptionGroup var filter: FilterOptions
    @OptionGroup var table: TableOptions
    @OptionGroup var store: StoreOptions

    func run() throws {
        // Sorted first where an order is asked for, so that the limit takes the first of it.
        let limit = table.sort == nil ? table.limit : nil
        let runs = try store.answer { store throws(StoreError) in
            try store.runs(filter.filter(experiment: experiment, limit: limit))
        }
        try store.reporting {
            let text = try RunsTable.render(
                runs, format: table.format, width: TerminalWidth.current(), choice: table.choice)
            print(text, terminator: "")
        }
    }
}
