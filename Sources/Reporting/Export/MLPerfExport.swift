import Foundation
public import RunStore

/// Runs as log lines in the manner of MLPerf training (`:::MLLOG` and a JSON object), under the keys
/// of its logging library where there is one. Not a submission: nothing is claimed of its rules.
public enum MLPerfExport {
    /// The lines, each with its end.
    ///
    /// - Parameter runs: each with all its steps.
    /// - Throws: `ExportError` for a run whose steps cannot be placed in time.
    public static func lines(
        _ runs: [(detail: RunDetail, steps: [StepRow])]
    ) throws(ExportError) -> String {
        var text = ""
        for run in runs { text += try lines(run.detail, run.steps) }
        return text
    }

    private struct Entry {
        var moment: Int64
        var type = "POINT_IN_TIME"
        var key: String
        var value: String
        var metadata: [(String, String)] = []
    }

    private static func lines(_ run: RunDetail, _ steps: [StepRow]) throws(ExportError) -> String {
        let timeline = try RunTimeline(run, steps: steps)
        var entries = header(run, timeline) + evaluations(run, timeline)
        let ends = timeline.stepEnds
        var losses: [Int: [Double]] = [:]
        for row in steps where row.rank < run.description.workers {
            if let loss = row.loss, loss.isFinite { losses[row.step, default: []].append(loss) }
        }
        for (step, values) in losses {
            guard let end = ends[step] else { continue }
            entries.append(
                Entry(
                    moment: end, key: "train_loss",
                    value: String(values.reduce(0, +) / Double(values.count)),
                    metadata: [("step_num", String(step.addingClamped(1)))]))
        }
        // A sort that keeps the order of equals.
        let order = entries.indices.sorted { (entries[$0].moment, $0) < (entries[$1].moment, $1) }
        let namespace = "run \(run.summary.run)"
        return (order.map { entries[$0] } + [stop(run, timeline)]).map { line($0, namespace) }
            .joined()
    }

    private static func header(_ run: RunDetail, _ timeline: RunTimeline) -> [Entry] {
        let asked = run.description
        let start = min(
            run.startedAt.flatMap(Timestamp.date)?.wallNanoseconds ?? timeline.begin,
            timeline.begin)
        let facts: [(String, String)] = [
            ("submission_benchmark", JSONText.string("\(asked.model) on \(asked.dataset)")),
            ("submission_entry", JSONText.string("\(asked.experiment)/\(asked.variant)")),
            ("seed", String(asked.seed)),
            ("global_batch_size", String(asked.workers &* asked.batch)),
            ("number_of_ranks", String(asked.workers)),
            ("opt_name", "\"sgd\""), ("opt_options", JSONText.string(asked.optimizer)),
            ("exchange_method", JSONText.string(asked.method)),
            ("exchange_topology", JSONText.string(asked.topology)),
        ]
        return [Entry(moment: start, type: "INTERVAL_START", key: "init_start", value: "null")]
            + facts.map { Entry(moment: start, key: $0, value: $1) } + [
                Entry(
                    moment: timeline.begin, type: "INTERVAL_END", key: "init_stop", value: "null"),
                Entry(
                    moment: timeline.begin, type: "INTERVAL_START", key: "run_start",
                    value: "null"),
            ]
    }

    private static func evaluations(_ run: RunDetail, _ timeline: RunTimeline) -> [Entry] {
        let (begins, ends) = (timeline.stepBegins, timeline.stepEnds)
        return run.evaluations.flatMap { row -> [Entry] in
            guard let start = ends[row.step.subtractingClamped(1)] else { return [] }
            let metadata = [("step_num", String(row.step))]
            // The last one's end is not recorded: the run's is the next that is known.
            let stop = max(start, begins[row.step] ?? finish(run, timeline))
            var entries = [
                Entry(
                    moment: start, type: "INTERVAL_START", key: "eval_start", value: "null",
                    metadata: metadata)
            ]
            for (key, value) in [("eval_loss", row.loss), ("eval_accuracy", row.accuracy)] {
                guard let value, value.isFinite else { continue }
                entries.append(
                    Entry(moment: stop, key: key, value: String(value), metadata: metadata))
            }
            return entries + [
                Entry(
                    moment: stop, type: "INTERVAL_END", key: "eval_stop", value: "null",
                    metadata: metadata)
            ]
        }
    }

    private static func stop(_ run: RunDetail, _ timeline: RunTimeline) -> Entry {
        let isDone = run.summary.status == .completed
        return Entry(
            moment: finish(run, timeline), type: "INTERVAL_END", key: "run_stop", value: "null",
            metadata: [("status", isDone ? "\"success\"" : "\"aborted\"")])
    }

    private static func finish(_ run: RunDetail, _ timeline: RunTimeline) -> Int64 {
        max(run.finishedAt.flatMap(Timestamp.date)?.wallNanoseconds ?? timeline.end, timeline.end)
    }

    private static func line(_ entry: Entry, _ namespace: String) -> String {
        // Every line of the format says where in which file it was logged.
        let metadata = ([("file", "\"peerless\""), ("lineno", "0")] + entry.metadata).map {
            "\"\($0)\": \($1)"
        }
        return ":::MLLOG {\"namespace\": \(JSONText.string(namespace)), "
            + "\"time_ms\": \(entry.moment / 1_000_000), \"event_type\": \"\(entry.type)\", "
            + "\"key\": \"\(entry.key)\", \"value\": \(entry.value), "
            + "\"metadata\": {\(metadata.joined(separator: ", "))}}\n"
    }
}
