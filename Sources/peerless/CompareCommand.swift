import ArgumentParser
import Reporting
import RunStore

/// `peerless compare`: variants side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare runs: speed, bytes, loss and accuracy.")

    @OptionGroup var selection: RunSelection

    @Option(help: "Variant that speed-ups refer to. Default: the first dense one on a server.")
    var baseline: String?

    @Option(help: "How to print.")
    var format: OutputFormat = .table

    @OptionGroup var store: StoreOptions

    func run() throws {
        let rows = try store.answer { store throws(StoreError) in
            try store.comparison(selection.filter(baseline: baseline))
        }
        let text = ComparisonTable.render(rows, format: format, width: TerminalWidth.current())
        print(text, terminator: "")
    }
}
