import ArgumentParser
import Reporting
import RunStore

/// `peerless compare`: variants side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare runs: speed, bytes, loss, accuracy, and where compressing pays.")

    @OptionGroup var selection: RunSelection

    @Option(help: "Variant that speed-ups refer to. Default: the first dense one on a server.")
    var baseline: String?

    @OptionGroup var table: TableOptions
    @OptionGroup var store: StoreOptions

    func run() throws {
        let (rows, differing) = try store.answer { store throws(StoreError) in
            let rows = try store.comparison(selection.filter(baseline: baseline))
            let measured = rows.filter { $0.samplesPerSecond != nil }
            let runs = measured.flatMap { [$0.run, $0.baselineRun].compactMap(\.self) }
            return (rows, try store.differingContextKeys(runs: runs))
        }
        try store.reporting {
            let text = try ComparisonTable.render(
                rows, format: table.format, width: TerminalWidth.current(),
                differingContext: differing, choice: table.choice)
            print(text, terminator: "")
            if [.json, .csv].contains(table.format),
                let note = ComparisonTable.contextNote(differing)
            {
                StandardError.print(note)
            }
        }
    }
}
