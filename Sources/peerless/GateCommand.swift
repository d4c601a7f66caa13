import ArgumentParser
import Foundation
import Judging
import Reporting
import RunStore

/// `peerless gate`: whether a candidate is worse than a baseline.
struct GateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Hold a candidate's runs against a baseline's; fail when something got worse.",
        discussion: """
            REF is a baseline's name, a git revision or its beginning, a database file, numbers of \
            runs such as 3,5,7-9, or experiment:NAME; with baseline:, revision:, file: or runs: \
            before it where it may be several. Counters come first, then learning, clocks last.
            Exit codes: 0 nothing got worse; 1 a regression; 2 bad usage or file; 3 not enough \
            data; 4 the runs were made of different things.
            """)

    @Option(help: ArgumentHelp("What to hold against.", valueName: "ref"))
    var baseline: String

    @Option(help: ArgumentHelp("What to judge.", valueName: "ref"))
    var candidate: String

    @Option(
        help: ArgumentHelp(
            "Only these figures, or stages of them (counters, convergence, clock); may be given "
                + "several times."))
    var metric: [String] = []

    @Option(help: ArgumentHelp("Slow-down that is let through.", valueName: "share"))
    var maxSlowdown: Percentage = .init(0.05)

    @Option(
        help: ArgumentHelp(
            "Compare though this differs: a key of the context, such as processor, or of what was "
                + "asked, such as case.steps; may be given several times.", valueName: "key"))
    var ignoreContext: [String] = []

    @Flag(
        inversion: .prefixedNo,
        help: "Run both sides of what got slower again, and fail only if it is slower again.")
    var confirm = true

    @Option(
        help: ArgumentHelp(
            "The program that made the baseline, for --confirm, where this one is another.",
            valueName: "path"))
    var baselineProgram: String?

    @Option(help: "How to print.")
    var format: GateFormat = .table

    @Option(help: ArgumentHelp("Also write JUnit XML there.", valueName: "file"))
    var junit: String?

    @Option(
        help: ArgumentHelp(
            "Also append Markdown there. Default: the file that GITHUB_STEP_SUMMARY names.",
            valueName: "file"))
    var summary: String?

    @OptionGroup var store: StoreOptions

    mutating func validate() throws {
        for word in metric where Metric.named(word) == nil {
            throw ValidationError(
                "--metric: found \(word); allowed: \(Metric.words.joined(separator: ", "))")
        }
    }

    func run() throws {
        try store.reporting { try judge() }
    }

    private func judge() throws {
        let (first, second) = (try side(baseline), try side(candidate))
        try requireDistinct(first, second)
        let noise = NoiseFloors(try calibrated() + first.noise + second.noise)
        var judgement = Judgement(
            baseline: first.runs, candidate: second.runs, rules: rules, noise: noise)
        if confirm, judgement.awaitsConfirmation {
            let again = try Confirmation(
                first, second, baselineProgram: baselineProgram, rules: rules)
            switch try again.run(judgement) {
            case .impossible(let why): judgement.notes.append("Not run again: \(why).")
            case .measured(let baseline, let candidate):
                var clocks = rules
                clocks.metrics = rules.metrics.filter { $0.stage == .clock }
                judgement.confirm(
                    with: Judgement(
                        baseline: baseline, candidate: candidate, rules: clocks, noise: noise))
            }
        }
        let sides = JudgedSides(
            baseline: baseline, candidate: candidate, baselineRuns: first.runs.map(\.name),
            candidateRuns: second.runs.map(\.name))
        try GateOutput(format: format, junit: junit, summary: summary).write(judgement, sides)
        if let code = Self.code(judgement.verdict) { throw code }
    }

    /// What is stored here goes for runs of other databases, too.
    private func calibrated() throws -> [NoiseRow] {
        guard FileManager.default.fileExists(atPath: store.path) else { return [] }
        return try RunStore(path: store.path, readOnly: true).noise()
    }

    private func side(_ reference: String) throws -> JudgedRuns {
        try JudgedRuns(reference, database: store.path)
    }

    private func requireDistinct(_ first: JudgedRuns, _ second: JudgedRuns) throws {
        guard first.path == second.path else { return }
        let shared = first.numbers.filter { second.numbers.contains($0) }
        guard shared.isEmpty else {
            let runs = shared.map(String.init).joined(separator: ", ")
            throw ValidationError("the same runs on both sides: \(runs)")
        }
    }

    private var rules: JudgingRules {
        var rules = JudgingRules()
        if !metric.isEmpty {
            let named = metric.flatMap { Metric.named($0) ?? [] }
            rules.metrics = Metric.allCases.filter { named.contains($0) }
        }
        rules.maxSlowdown = maxSlowdown.share
        rules.ignoredKeys = Set(ignoreContext)
        return rules
    }

    private static func code(_ verdict: Judgement.Verdict) -> ExitCode? {
        switch verdict {
        case .passed: nil
        case .regression: .runFailed
        case .notEnoughData: .notEnoughData
        case .mismatch: .wrongEnvironment
        }
    }
}

extension NoiseFloors {
    /// As recorded; later rows go before earlier ones.
    init(_ rows: [NoiseRow]) {
        self.init()
        for row in rows {
            guard let metric = Metric(rawValue: row.metric) else { continue }
            set(
                row.floor, caseHash: row.caseHash, contextHash: row.contextHash, metric: metric)
        }
    }
}
