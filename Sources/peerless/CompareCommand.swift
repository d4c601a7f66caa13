import ArgumentParser
import Reporting
import RunStore

/// `peerless compare`: variants side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare runs: speed, bytes, loss, accuracy, and where compressing pays.",
        discussion: """
            With --by-variant the runs of a variant are one row: median step time, speed-up against \
            the baseline with a 95 % interval, an exact test over the seeds, and a verdict: faster, \
            slower, same within noise, or cannot tell. At least 4 seeds are needed for one.
            """)

    @OptionGroup var selection: RunSelection

    @Option(help: "Variant that speed-ups refer to. Default: the first dense one on a server.")
    var baseline: String?

    @Flag(help: "A row for each variant over its seeds, with a verdict against the baseline.")
    var byVariant = false

    @Option(
        help: ArgumentHelp(
            "With --by-variant: a difference in time that does not matter.", valueName: "percent"))
    var noise = Percentage(0.05)

    @OptionGroup var table: TableOptions
    @OptionGroup var store: StoreOptions

    func run() throws {
        if byVariant { return try compareVariants() }
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
            tellContext(differing)
        }
    }

    /// JSON and CSV have no place for the note.
    private func tellContext(_ differing: [String]) {
        guard [.json, .csv].contains(table.format),
            let note = ComparisonTable.contextNote(differing)
        else { return }
        StandardError.print(note)
    }

    private func compareVariants() throws {
        let (rows, differing) = try store.answer { store throws(StoreError) in
            let rows = try store.comparisonWithBaselines(selection.filter(baseline: baseline))
            let completed = rows.filter { $0.status == .completed }
            return (rows, try store.differingContextKeys(runs: completed.map(\.run)))
        }
        let comparison = VariantComparison(rows, noise: noise.share)
        try store.reporting {
            let text = try VariantTable.render(
                comparison, format: table.format, width: TerminalWidth.current(),
                differingContext: differing, choice: table.choice)
            print(text, terminator: "")
            tellContext(differing)
        }
    }
}
