public import ArgumentParser
import Reporting
public import RunStore

extension RunMetric: ExpressibleByArgument {}

/// `peerless trend`: a figure over git revisions.
struct TrendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trend",
        abstract: "Follow a figure of one case over git revisions, and find where it changed.",
        discussion: """
            A case is what was asked, whatever the seed: name it by the beginning of its hash, or by \
            experiment and variant. A revision's figure is the median over its completed runs, and \
            only runs in one context are joined. Fewer than 6 revisions end with 3, since no change \
            can be found in them.
            """)

    @Option(help: "Which figure.")
    var metric: RunMetric = .stepMilliseconds

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp("The case whose hash begins so.", valueName: "hash"))
    var caseHash: String?

    @Option(name: .shortAndLong, help: "The experiment of --variant.")
    var experiment: String?

    @Option(help: "The variant, as it was asked for when it last ran.")
    var variant: String?

    @Option(
        help: ArgumentHelp(
            "Only runs in the context whose hash begins so. Default: that of the newest run.",
            valueName: "hash"))
    var context: String?

    @Option(help: "How to print.")
    var format: OutputFormat = .table

    @OptionGroup var store: StoreOptions

    func validate() throws { _ = try selection() }

    private func selection() throws -> CaseSelection {
        switch (caseHash, experiment, variant) {
        case (let hash?, nil, nil) where !hash.isEmpty: return .hash(prefix: hash)
        case (nil, let experiment?, let variant?):
            return .variant(variant, experiment: experiment)
        default:
            throw ValidationError(
                "Name one case: either --case HASH, or --experiment and --variant together.")
        }
    }

    func run() throws {
        let selection = try selection()
        let history = try store.answer { store throws(StoreError) in
            try store.history(of: selection, context: context)
        }
        let trend = Trend(history, metric: metric)
        let count = trend.revisions.count
        if count > 0 {
            let text = TrendReport.render(
                trend, format: format, width: TerminalWidth.current())
            print(text, terminator: "")
        }
        guard count < Trend.fewestRevisions else { return }
        StandardError.print(
            "peerless: \(count) \(count == 1 ? "revision" : "revisions") with "
                + "\(metric.rawValue); \(Trend.fewestRevisions) are needed to find a change; "
                + "run the experiment at more revisions, in a git work tree")
        throw ExitCode.notEnoughData
    }
}
