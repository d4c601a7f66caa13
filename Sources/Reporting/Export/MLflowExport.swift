import Foundation
public import RunStore

/// Runs in the layout of MLflow's file store (`mlruns`): a folder per experiment, a folder per run, a
/// file per parameter, tag and metric. A line of a metric is `milliseconds value step`.
public enum MLflowExport {
    private typealias Metric = (key: String, value: (ComparisonRow) -> Double?)

    /// What is told of a run as a whole, at its last step.
    private static var summaries: [Metric] {
        [
            ("summary.samples_per_second", { $0.samplesPerSecond }),
            ("summary.seconds", { $0.seconds }),
            ("summary.final_loss", { $0.finalLoss }),
            ("summary.final_accuracy", { $0.finalAccuracy }),
            ("summary.best_accuracy", { $0.bestAccuracy }),
            ("summary.seconds_to_target", { $0.secondsToTarget }),
            ("summary.bytes_to_target", { $0.bytesToTarget.map(Double.init) }),
            ("summary.bytes_sent_per_worker_step", { $0.bytesSentPerWorkerStep }),
            ("summary.bytes_received_per_worker_step", { $0.bytesReceivedPerWorkerStep }),
            ("summary.compression", { $0.compression }),
        ]
    }

    /// What is told of every step: means over the workers.
    private static var measures: [(key: String, value: (StepRow) -> Double?)] {
        [
            ("loss", { $0.loss }),
            ("step_milliseconds", { Double($0.totalNanoseconds) / 1e6 }),
            ("compute_milliseconds", { Double($0.computeNanoseconds) / 1e6 }),
            ("encode_milliseconds", { Double($0.encodeNanoseconds) / 1e6 }),
            ("exchange_milliseconds", { Double($0.exchangeNanoseconds) / 1e6 }),
            ("wait_milliseconds", { Double($0.waitNanoseconds) / 1e6 }),
            ("decode_milliseconds", { Double($0.decodeNanoseconds) / 1e6 }),
            ("update_milliseconds", { Double($0.updateNanoseconds) / 1e6 }),
            ("bytes_sent", { Double($0.bytesSent) }),
            ("bytes_received", { Double($0.bytesReceived) }),
        ]
    }

    /// Every file of the store.
    ///
    /// - Parameters:
    ///   - runs: each with all its steps.
    ///   - folder: absolute path of the store, which MLflow looks for artifacts in.
    /// - Throws: `ExportError` for a run whose steps cannot be placed in time.
    public static func files(
        _ runs: [(detail: RunDetail, steps: [StepRow])], folder: String
    ) throws(ExportError) -> [ExportFile] {
        var files: [String: ExportFile] = [:]
        for run in runs {
            let name = run.detail.description.experiment
            let id = experimentID(name)
            let meta = ExportFile(
                path: "\(id)/meta.yaml", text: experimentMeta(run.detail, id, folder: folder))
            files[meta.path] = files[meta.path] ?? meta
            for file in try self.files(run.detail, run.steps, folder: folder) {
                files["\(id)/\(file.path)"] = ExportFile(
                    path: "\(id)/\(file.path)", text: file.text)
            }
        }
        return files.values.sorted { $0.path < $1.path }
    }

    /// MLflow's identity of an experiment: digits that depend on its name only (FNV-1a, 64 bits), so
    /// that a later export adds to the same experiment.
    static func experimentID(_ name: String) -> String {
        String(hash(name) % 1_000_000_000_000_000_000)
    }

    /// MLflow's identity of a run: 32 hexadecimal digits. It names a folder, and a database may come
    /// from anybody: what is no UUID becomes digits that depend on it only.
    static func runID(_ uuid: String) -> String {
        let digits = uuid.filter { $0 != "-" }
        let isName = !digits.isEmpty && digits.utf8.allSatisfy(isAlphanumeric)
        return isName ? digits : String(hash(uuid), radix: 16)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static func files(
        _ run: RunDetail, _ steps: [StepRow], folder: String
    ) throws(ExportError) -> [ExportFile] {
        let timeline = try RunTimeline(run, steps: steps)
        let root = runID(run.description.uuid)
        var files = [
            ExportFile(path: "\(root)/meta.yaml", text: runMeta(run, timeline, folder: folder)),
            // MLflow takes a folder without artifacts for no run.
            ExportFile(
                path: "\(root)/artifacts/experiment.yaml", text: run.description.experimentText),
        ]
        for (key, value) in parameters(run) {
            files.append(ExportFile(path: "\(root)/params/\(key)", text: value))
        }
        for (key, value) in tags(run) {
            files.append(ExportFile(path: "\(root)/tags/\(key)", text: value))
        }
        for (key, text) in metrics(run, steps, timeline) where !text.isEmpty {
            files.append(ExportFile(path: "\(root)/metrics/\(key)", text: text))
        }
        return files
    }

    private static func metrics(
        _ run: RunDetail, _ steps: [StepRow], _ timeline: RunTimeline
    ) -> [(String, String)] {
        let ends = timeline.stepEnds
        var byStep: [Int: [StepRow]] = [:]
        for row in steps where row.rank < run.description.workers {
            byStep[row.step, default: []].append(row)
        }
        let numbers = byStep.keys.sorted()
        func line(_ value: Double, step: Int) -> String {
            "\((ends[step] ?? timeline.end) / 1_000_000) \(value) \(step)\n"
        }
        var metrics = measures.map { key, measure in
            let lines = numbers.compactMap { step -> String? in
                let values = (byStep[step] ?? []).compactMap(measure).filter(\.isFinite)
                guard !values.isEmpty else { return nil }
                return line(values.reduce(0, +) / Double(values.count), step: step)
            }
            return (key, lines.joined())
        }
        for (key, value) in [
            ("test_loss", \EvaluationRow.loss), ("test_accuracy", \EvaluationRow.accuracy),
        ] {
            let lines = run.evaluations.compactMap { row in
                row[keyPath: value].map { line($0, step: row.step.subtractingClamped(1)) }
            }
            metrics.append((key, lines.joined()))
        }
        let last = numbers.last ?? 0
        metrics += summaries.compactMap { key, value in
            value(run.summary).map { (key, line($0, step: last)) }
        }
        return metrics
    }

    private static func parameters(_ run: RunDetail) -> [(String, String)] {
        let asked = run.description
        let all: [(String, String?)] = [
            ("variant", asked.variant), ("seed", String(asked.seed)),
            ("topology", asked.topology), ("method", asked.method),
            ("optimizer", asked.optimizer), ("dataset", asked.dataset), ("model", asked.model),
            ("workers", String(asked.workers)), ("batch", String(asked.batch)),
            ("link", asked.link), ("target_accuracy", asked.target.map { String($0) }),
            ("parameters", run.summary.parameters.map { String($0) }),
        ]
        return all.compactMap { key, value in value.map { (key, $0) } }
    }

    private static func tags(_ run: RunDetail) -> [(String, String)] {
        let asked = run.description
        let all: [(String, String?)] = [
            ("mlflow.runName", runName(run)), ("mlflow.source.name", "peerless"),
            ("mlflow.source.type", "LOCAL"), ("mlflow.user", "peerless"),
            ("mlflow.source.git.commit", asked.gitRevision),
            ("peerless.run", String(run.summary.run)), ("peerless.uuid", asked.uuid),
            ("peerless.case", asked.caseHash), ("peerless.context", asked.contextHash),
            ("peerless.host", asked.host), ("peerless.config", asked.config),
            ("peerless.checksum", run.summary.checksum), ("peerless.failure", run.summary.failure),
        ]
        return all.compactMap { key, value in value.map { (key, $0) } }
    }

    private static func runName(_ run: RunDetail) -> String {
        "\(run.description.variant) seed \(run.description.seed)"
    }

    /// A JSON string is a YAML one, too.
    private static func yaml(_ pairs: [(String, String)]) -> String {
        pairs.sorted { $0.0 < $1.0 }.map { "\($0): \($1)\n" }.joined()
    }

    private static func experimentMeta(_ run: RunDetail, _ id: String, folder: String) -> String {
        let created = milliseconds(run.createdAt) ?? 0
        return yaml([
            ("artifact_location", JSONText.string("file://\(folder)/\(id)")),
            ("creation_time", String(created)), ("experiment_id", JSONText.string(id)),
            ("last_update_time", String(created)), ("lifecycle_stage", "active"),
            ("name", JSONText.string(run.description.experiment)),
        ])
    }

    private static func runMeta(
        _ run: RunDetail, _ timeline: RunTimeline, folder: String
    ) -> String {
        let id = runID(run.description.uuid)
        let experiment = experimentID(run.description.experiment)
        let start = run.startedAt.flatMap(milliseconds) ?? timeline.begin / 1_000_000
        let end = run.finishedAt.flatMap(milliseconds)
        return yaml([
            ("artifact_uri", JSONText.string("file://\(folder)/\(experiment)/\(id)/artifacts")),
            ("end_time", end.map { String($0) } ?? "null"), ("entry_point_name", "''"),
            ("experiment_id", JSONText.string(experiment)), ("lifecycle_stage", "active"),
            ("run_id", JSONText.string(id)), ("run_name", JSONText.string(runName(run))),
            ("run_uuid", JSONText.string(id)), ("source_name", "''"), ("source_type", "4"),
            ("source_version", "''"), ("start_time", String(start)),
            ("status", String(status(run.summary.status))), ("tags", "[]"),
            ("user_id", "peerless"),
        ])
    }

    /// Numbers of MLflow's `RunStatus`.
    private static func status(_ status: RunStatus) -> Int {
        switch status {
        case .running: 1
        case .queued: 2
        case .completed: 3
        case .failed: 4
        case .cancelled: 5
        }
    }

    private static func milliseconds(_ timestamp: String) -> Int64? {
        Timestamp.date(timestamp).map { Int64(clamping: $0.timeIntervalSince1970 * 1_000) }
    }
}
