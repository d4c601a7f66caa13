import Reporting
import RunStore

/// The pages, each from a few bounded questions.
enum DashboardPages {
    /// Runs and experiments that a list shows.
    static let listed = 200

    /// What goes on, the experiments and the newest runs.
    static func index(_ store: RunStore) throws -> String {
        let counts = try store.runCounts()
        let live = try store.liveRuns()
        let experiments = try store.experiments(limit: listed)
        let runs = try newestRuns(store)
        let sums = RunStatus.allCases.map { "\(counts[$0] ?? 0) \($0.rawValue)" }
        var body = "<p>\(HTML.text(sums.joined(separator: ", ")))</p>\n"
        if !live.isEmpty { body += "<h2>Running</h2>\n" + table(live) }
        body += "<h2>Experiments</h2>\n" + table(experiments)
        body += "<h2>Runs</h2>\n" + table(runs)
        let all = counts.values.reduce(0, +)
        if all > runs.count {
            body +=
                "<p>The newest \(runs.count) of \(all) runs; <code>peerless runs</code> "
                + "lists all.</p>\n"
        }
        return HTML.page(title: "Runs", body)
    }

    /// An experiment's report, as `peerless report` writes it, with links to its runs.
    ///
    /// - Throws: `StoreError.unknownExperiment` when no run of it is recorded.
    static func experiment(
        _ name: String, _ store: RunStore, _ frame: ReportFrame
    ) throws -> String {
        try ReportPage.html(experiment: name, from: store, frame: frame)
    }

    /// Everything known of a run but its steps, and its figures.
    ///
    /// - Throws: `StoreError.unknownRun` when there is none.
    static func run(
        _ number: Int64, _ store: RunStore, _ frame: ReportFrame
    ) throws -> String {
        let detail = try store.detail(run: number)
        let live = try store.liveRuns().filter { $0.run == number }
        let report = RunReport.render(detail, steps: nil, format: .table, width: nil)
        let name = detail.description.experiment
        var body = "<p>Of the experiment \(HTML.link(.experiment(name), name)).</p>\n"
        if !live.isEmpty { body += table(live) }
        body += try ReportPage.figures(run: number, from: store, frame: frame)
        body += "<h2>Facts</h2>\n<pre>\(HTML.text(report))</pre>\n"
        return HTML.page(title: "Run \(number): \(detail.description.variant)", body)
    }

    private static func newestRuns(_ store: RunStore) throws -> [RunListing] {
        var filter = RunFilter()
        filter.limit = listed
        return try store.runs(filter).reversed()
    }

    private static func table(_ live: [LiveRun]) -> String {
        HTML.table(
            [
                "run", "experiment", "variant", "step", "samples/s", "loss", "accuracy", "step ms",
                "compute", "encode", "exchange", "wait", "decode", "update",
            ],
            live.map { run in
                let step = run.stepMilliseconds
                return [
                    HTML.link(.run(run.run), String(run.run)),
                    HTML.link(.experiment(run.experiment), run.experiment),
                    HTML.text(run.variant), String(run.step), figure(run.samplesPerSecond),
                    figure(run.loss), figure(run.accuracy), figure(step.total),
                    figure(step.compute), figure(step.encode), figure(step.exchange),
                    figure(step.wait), figure(step.decode), figure(step.update),
                ]
            })
    }

    private static func table(_ experiments: [ExperimentOverview]) -> String {
        HTML.table(
            ["experiment", "runs", "running", "newest run"],
            experiments.map { experiment in
                [
                    HTML.link(.experiment(experiment.name), experiment.name),
                    String(experiment.runs), String(experiment.running),
                    HTML.link(.run(experiment.newestRun), String(experiment.newestRun)),
                ]
            })
    }

    private static func table(_ runs: [RunListing]) -> String {
        HTML.table(
            [
                "run", "experiment", "variant", "seed", "status", "topology", "method", "workers",
                "steps", "seconds", "queued at", "failure",
            ],
            runs.map { run in
                [
                    HTML.link(.run(run.run), String(run.run)),
                    HTML.link(.experiment(run.experiment), run.experiment),
                    HTML.text(run.variant), String(run.seed), run.status.rawValue,
                    HTML.text(run.topology), HTML.text(run.method), String(run.workers),
                    run.steps.map { String($0) } ?? "-", figure(run.seconds),
                    HTML.text(run.createdAt), HTML.text(run.failure ?? ""),
                ]
            })
    }

    /// About four digits that matter.
    static func figure(_ value: Double?) -> String {
        guard let value, value.isFinite, value.magnitude < 1e15 else { return "-" }
        if value.magnitude >= 1_000 { return String(Int64(value.rounded())) }
        let scale = value.magnitude >= 100 ? 10.0 : value.magnitude >= 10 ? 100.0 : 10_000.0
        return String((value * scale).rounded() / scale)
    }
}
