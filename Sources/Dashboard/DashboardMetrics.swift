import Foundation
import RunStore

/// What `/metrics` tells.
struct DashboardMetrics {
    /// Runs by status.
    var counts: [RunStatus: Int]
    /// Runs that go on.
    var live: [LiveRun]

    /// Reads the figures.
    init(_ store: RunStore) throws(StoreError) {
        counts = try store.runCounts()
        live = try store.liveRuns()
    }

    /// In Prometheus' text format; whether there is a database to read, where there is none.
    static func text(_ metrics: DashboardMetrics?) -> String {
        var text = PrometheusText()
        text.add(
            "peerless_database_readable", .gauge, "Whether the database can be read.",
            [([], metrics == nil ? 0 : 1)])
        metrics?.add(to: &text)
        return text.text
    }

    private func add(to text: inout PrometheusText) {
        text.add(
            "peerless_runs", .gauge, "Runs in the database by status.",
            RunStatus.allCases.map { ([("status", $0.rawValue)], Double(counts[$0] ?? 0)) })
        add("step", "Steps that every worker has done.", to: &text) { Double($0.step) }
        add("workers", "Workers asked.", to: &text) { Double($0.workers) }
        add("loss", "Mean training loss of the newest steps.", to: &text) { $0.loss }
        add("accuracy", "Test accuracy of the latest evaluation.", to: &text) { $0.accuracy }
        add("samples_per_second", "Samples of all workers per second.", to: &text) {
            $0.samplesPerSecond
        }
        add("step_sent_bytes", "Bytes a worker sent per step.", to: &text) {
            $0.bytesSentPerWorkerStep
        }
        add("step_received_bytes", "Bytes a worker received per step.", to: &text) {
            $0.bytesReceivedPerWorkerStep
        }
        add("step_seconds", "Wall time of a step.", to: &text) {
            $0.stepMilliseconds.total.map { $0 / 1e3 }
        }
        add(
            "last_step_timestamp_seconds",
            "When the newest step ended, by the coordinator's clock.",
            to: &text
        ) { $0.lastStepAt?.timeIntervalSince1970 }
        text.add(
            "peerless_run_phase_seconds", .gauge, "Mean time of a phase of the newest steps.",
            live.flatMap(Self.phases))
    }

    /// A metric with a sample for every run that has the figure.
    private func add(
        _ name: String, _ help: String, to text: inout PrometheusText,
        _ figure: (LiveRun) -> Double?
    ) {
        text.add(
            "peerless_run_\(name)", .gauge, help,
            live.compactMap { run in figure(run).map { (Self.labels(run), $0) } })
    }

    private static func phases(_ run: LiveRun) -> [PrometheusText.Sample] {
        let step = run.stepMilliseconds
        return [
            ("compute", step.compute), ("encode", step.encode), ("exchange", step.exchange),
            ("wait", step.wait), ("decode", step.decode), ("update", step.update),
        ].compactMap { name, value in
            value.map { (labels(run) + [("phase", name)], $0 / 1e3) }
        }
    }

    private static func labels(_ run: LiveRun) -> [(String, String)] {
        [
            ("run", String(run.run)), ("experiment", run.experiment), ("variant", run.variant),
            ("seed", String(run.seed)),
        ]
    }
}
