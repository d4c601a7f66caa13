import ArgumentParser
import Reporting
import RunStore

/// `peerless show`: everything known of one run.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one run: facts, figures, evaluations, nodes and events.")

    @Argument(
        help: ArgumentHelp(
            "Number of the run, as `peerless runs` lists it. Default: the newest that matches.",
            valueName: "run"))
    var number: Int64?

    @Option(name: .shortAndLong, help: "The newest run of this experiment.")
    var experiment: String?

    @OptionGroup var filter: FilterOptions

    @Flag(help: "List every step of every node too.")
    var steps = false

    @Option(help: "How to print. CSV is the run's figures, or its steps with --steps.")
    var format: OutputFormat = .table

    @OptionGroup var store: StoreOptions

    func run() throws {
        let (detail, rows) = try store.answer { store throws(StoreError) in
            let run: Int64
            if let number { run = number } else { run = try newest(store) }
            return (try store.detail(run: run), steps ? try store.steps(run: run) : nil)
        }
        let text = RunReport.render(
            detail, steps: rows, format: format, width: TerminalWidth.current())
        print(text, terminator: "")
    }

    private func newest(_ store: RunStore) throws(StoreError) -> Int64 {
        let runs = try store.runs(filter.filter(experiment: experiment, limit: 1))
        guard let run = runs.last else { throw StoreError.nothingMatches }
        return run.run
    }
}
