import ArgumentParser
import Reporting
import RunStore

/// `peerless explain`: what bounds a run's step.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what bounds a run's step: compute, encode, link, or waiting for a rank.")

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int64

    @Option(help: "How to print. CSV is the parts of a step.")
    var format: OutputFormat = .table

    @OptionGroup var store: StoreOptions

    func run() throws {
        let explanation = try store.answer { store throws(StoreError) in
            let rows = try store.comparison(ComparisonFilter(runs: [number]))
            let ranks = try store.phases(run: number)
            guard let row = rows.first, let found = Explanation(row, ranks: ranks) else {
                throw StoreError.noSteps(number)
            }
            return found
        }
        print(explanation.render(format), terminator: "")
    }
}
