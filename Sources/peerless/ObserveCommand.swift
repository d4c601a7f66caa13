import ArgumentParser
import Reporting
import RunStore

/// `peerless observe`: what a run's exchange did to the gradient.
struct ObserveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "observe",
        abstract: "Show what the exchange of a run with `observe: {every: N}` did to the gradient.",
        discussion: """
            Recall and energy of the true top-k, noise of a sketch, direction, residual, updates that \
            change nothing, and whether the order of merging matters; by step, and plotted.
            """)

    @Argument(
        help: ArgumentHelp(
            "Number of the run, as `peerless runs` lists it.", valueName: "run"))
    var number: Int64

    @Option(help: "How to print. CSV and JSON have every figure.")
    var format: OutputFormat = .table

    @OptionGroup var store: StoreOptions

    func run() throws {
        let detail = try store.answer { store throws(StoreError) in
            let detail = try store.detail(run: number)
            if detail.observations.isEmpty { throw StoreError.notObserved(number) }
            return detail
        }
        print(
            ObservationReport.render(detail, format: format, width: TerminalWidth.current()),
            terminator: "")
    }
}
