public import RunStore

/// Runs as a Chrome trace: the JSON object form of the Trace Event Format, which Perfetto and
/// chrome://tracing open. A process per run, a thread per rank.
public enum TraceExport {
    /// The phases of a step in the order in which a slice shows them. A phase may come up several
    /// times within a step; what is recorded, and shown, is its sum.
    private static var phases: [(String, KeyPath<StepRow, Int64>)] {
        [
            ("compute", \.computeNanoseconds), ("encode", \.encodeNanoseconds),
            ("exchange", \.exchangeNanoseconds), ("wait", \.waitNanoseconds),
            ("decode", \.decodeNanoseconds), ("update", \.updateNanoseconds),
        ]
    }

    /// The trace with a final line end.
    ///
    /// - Parameter runs: each with all its steps.
    /// - Throws: `ExportError` for a run whose steps cannot be placed in time.
    public static func json(
        _ runs: [(detail: RunDetail, steps: [StepRow])]
    ) throws(ExportError) -> String {
        var timelines: [(RunDetail, RunTimeline)] = []
        for run in runs {
            timelines.append((run.detail, try RunTimeline(run.detail, steps: run.steps)))
        }
        let origin = timelines.map { earliest($0, $1) }.min() ?? 0
        var sheet = TraceSheet(origin: origin)
        for (run, timeline) in timelines { add(run, timeline, to: &sheet) }
        let error = timelines.map(\.1.clockErrorNanoseconds).max() ?? 0
        return sheet.text(facts: [
            ("origin_nanoseconds_since_1970", String(origin)),
            ("clock", "the coordinator's wall clock"),
            ("clock_error_nanoseconds", String(error)),
        ])
    }

    private static func earliest(_ run: RunDetail, _ timeline: RunTimeline) -> Int64 {
        instants(run).map(\.moment).reduce(timeline.begin, min)
    }

    private static func add(
        _ run: RunDetail, _ timeline: RunTimeline, to sheet: inout TraceSheet
    ) {
        let process = run.summary.run
        let asked = run.description
        sheet.name(
            process: process,
            "run \(process): \(asked.experiment)/\(asked.variant) seed \(asked.seed)")
        sheet.name(process: process, thread: 0, "events")
        for instant in instants(run) {
            sheet.instant(
                instant.name, category: instant.category, at: instant.moment, process: process,
                thread: 0, arguments: instant.arguments)
        }
        let evaluated = Dictionary(grouping: run.evaluations, by: \.step)
        for track in timeline.tracks {
            // Thread 0 is the events'.
            let thread = track.rank &+ 1
            sheet.name(process: process, thread: thread, track.title)
            var previous: RunTimeline.Placed?
            for step in track.steps {
                if let previous, previous.generation == step.generation {
                    addGap(
                        from: previous, to: step, run, evaluated[step.row.step] != nil,
                        thread: thread, to: &sheet)
                }
                add(step, process: process, thread: thread, to: &sheet)
                if track.rank == 0 {
                    for evaluation in evaluated[step.row.step.addingClamped(1)] ?? [] {
                        sheet.instant(
                            "evaluation", category: "evaluation", at: step.end, process: process,
                            thread: thread, arguments: arguments(evaluation))
                    }
                }
                previous = step
            }
        }
    }

    private static func add(
        _ step: RunTimeline.Placed, process: Int64, thread: Int, to sheet: inout TraceSheet
    ) {
        let row = step.row
        var arguments = [("step", String(row.step)), ("generation", String(step.generation))]
        if let loss = row.loss, loss.isFinite { arguments.append(("loss", String(loss))) }
        arguments += [
            ("bytes_sent", String(row.bytesSent)), ("bytes_received", String(row.bytesReceived)),
            ("hidden_nanoseconds", String(row.hiddenNanoseconds)),
        ]
        sheet.slice(
            "step \(row.step)", category: "step", from: step.begin, to: step.end, process: process,
            thread: thread, arguments: arguments)
        var moment = step.begin
        for (name, phase) in phases {
            let end = min(step.end, moment.addingClamped(max(0, row[keyPath: phase])))
            guard end > moment else { continue }
            sheet.slice(
                name, category: "phase", from: moment, to: end, process: process, thread: thread)
            moment = end
        }
    }

    /// What is known to have gone on between two steps.
    private static func addGap(
        from earlier: RunTimeline.Placed, to later: RunTimeline.Placed, _ run: RunDetail,
        _ isEvaluated: Bool, thread: Int, to sheet: inout TraceSheet
    ) {
        let isSaved = run.checkpoints.contains {
            $0.step == later.row.step && $0.rank == later.row.rank
        }
        let names = (isEvaluated ? ["evaluation"] : []) + (isSaved ? ["checkpoint"] : [])
        guard !names.isEmpty, later.begin > earlier.end else { return }
        sheet.slice(
            names.joined(separator: ", "), category: "between steps", from: earlier.end,
            to: later.begin, process: run.summary.run, thread: thread)
    }

    private static func arguments(_ evaluation: EvaluationRow) -> [(String, String)] {
        [
            ("step", String(evaluation.step)),
            ("loss", evaluation.loss.map { String($0) } ?? "null"),
            ("accuracy", evaluation.accuracy.map { String($0) } ?? "null"),
        ]
    }

    private typealias Instant = (
        name: String, category: String, moment: Int64, arguments: [(String, String)]
    )

    private static func instants(_ run: RunDetail) -> [Instant] {
        let events = run.events.map { event in
            let node = event.node.map { "\($0): " } ?? ""
            return (
                event.kind, "event", event.time.wallNanoseconds,
                [("detail", JSONText.string(node + event.detail))]
            )
        }
        return events + run.recoveries.flatMap(instants)
    }

    private static func instants(_ recovery: RecoveryRow) -> [Instant] {
        let arguments = [
            ("generation", String(recovery.generation)), ("step", String(recovery.step)),
            ("steps_redone", String(recovery.stepsRedone)),
            ("node", JSONText.string(recovery.node ?? "")),
        ]
        let cause = recovery.cause.rawValue
        let moments = [
            ("\(cause): fault", recovery.injectedAt), ("\(cause): detected", recovery.detectedAt),
            ("\(cause): recovered", recovery.recoveredAt),
        ]
        return moments.compactMap { name, date in
            date.map { (name, "recovery", $0.wallNanoseconds, arguments) }
        }
    }
}
