import ArgumentParser
import Reporting
import RunStore

/// `peerless show`: everything known of one run.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one run: facts, figures, evaluations, nodes and events.")

    @Argument(
        help: ArgumentHelp("Number of the run, as `peerless runs` lists it.", valueName: "run"))
    var number: Int64

    @Flag(help: "List every step of every node too.")
    var steps = false

    @Option(help: "How to print. CSV is the run's figures, or its steps with --steps.")
    var format: OutputFormat = .table

    @OptionGroup var store: StoreOptions

    func run() throws {
        let (detail, rows) = try store.answer { store throws(StoreError) in
            (try store.detail(run: number), steps ? try store.steps(run: number) : nil)
        }
        let text = RunReport.render(
            detail, steps: rows, format: format, width: TerminalWidth.current())
        print(text, terminator: "")
    }
}
