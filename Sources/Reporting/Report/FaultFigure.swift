import Charts
import Foundation
import RunStore

/// Losses and recoveries of runs, by the wall clock.
enum FaultFigure {
    /// The figure; `nil` where no run lost or regained anybody.
    static func of(_ data: ReportData) -> ReportFigure? {
        let runs = data.runs.filter { !$0.detail.recoveries.isEmpty || !faults($0).isEmpty }
        guard !runs.isEmpty else { return nil }
        let title = "Faults on the time axis"
        let timeline = Timeline(
            title, axis: Axis("Since the run started", unit: "s"),
            kinds: ["until detected", "until recovered"], moment: "fault put in",
            rows: runs.compactMap(row))
        return ReportFigure(
            id: "faults", title: title, pictures: [timeline.svg()],
            caption:
                "By the coordinator's wall clock, evaluations included. Recovered is a run when "
                + "the first step of its new membership is done.",
            table: table(runs))
    }

    private static func faults(_ run: ReportRun) -> [EventRow] {
        run.detail.events.filter { $0.kind == "fault" }
    }

    private static func name(_ run: ReportRun) -> String {
        let trouble = run.trouble.map { ": \($0)" } ?? ""
        return "\(run.row.variant), seed \(run.row.seed)\(trouble)"
    }

    private static func row(_ run: ReportRun) -> Timeline.Row? {
        guard let start = run.detail.startedAt.flatMap(Timestamp.date) else { return nil }
        func seconds(_ moment: Date) -> Double { max(0, moment.timeIntervalSince(start)) }
        var spans: [Timeline.Span] = []
        for recovery in run.detail.recoveries {
            let detected = seconds(recovery.detectedAt)
            if let injected = recovery.injectedAt.map(seconds), injected <= detected {
                spans.append(Timeline.Span(injected...detected, kind: 0))
            }
            if let recovered = recovery.recoveredAt.map(seconds), recovered >= detected {
                spans.append(Timeline.Span(detected...recovered, kind: 1))
            }
        }
        let moments = faults(run).map { seconds($0.time) }
        let end = run.detail.finishedAt.flatMap(Timestamp.date).map(seconds)
        let known = spans.map(\.range.upperBound) + moments + [end ?? 0]
        return Timeline.Row(
            name(run), length: known.max() ?? 0, spans: spans, moments: moments)
    }

    /// What was put in and what became of it, in order.
    private struct Line {
        var run: ReportRun
        var moment: Date
        var words: String
        var recovery: RecoveryRow?
    }

    private static func lines(_ run: ReportRun) -> [Line] {
        let faults = faults(run).map { event in
            Line(run: run, moment: event.time, words: "put in: \(event.detail)")
        }
        let recoveries = run.detail.recoveries.map { recovery in
            let node = recovery.node.map { ": \($0)" } ?? ""
            return Line(
                run: run, moment: recovery.detectedAt, words: recovery.cause.rawValue + node,
                recovery: recovery)
        }
        return (faults + recoveries).sorted { $0.moment < $1.moment }
    }

    private static func seconds(_ line: Line) -> Double? {
        let start = line.run.detail.startedAt.flatMap(Timestamp.date)
        return start.map { line.moment.timeIntervalSince($0) }
    }

    private static func table(_ runs: [ReportRun]) -> TextSheet {
        let lines = runs.flatMap(lines)
        let recoveries = lines.map(\.recovery)
        func whole(_ value: Int?) -> String { value.map(Figures.grouped) ?? Figures.unknown }
        var sheet = TextSheet(rowCount: lines.count)
        sheet.add(.words("run"), lines.map { name($0.run) })
        sheet.add(.figures("at s"), lines.map { Figures.short(seconds($0)) })
        sheet.add(.words("what"), lines.map(\.words))
        sheet.add(.figures("detect s"), recoveries.map { Figures.short($0?.detectSeconds) })
        sheet.add(
            .figures("recover s"),
            recoveries.map { $0?.endedRun == true ? "never" : Figures.short($0?.recoverSeconds) })
        sheet.add(.figures("on from step"), recoveries.map { whole($0?.step) })
        sheet.add(.figures("redone"), recoveries.map { whole($0?.stepsRedone) })
        sheet.add(.figures("samples lost"), recoveries.map { whole($0?.samplesLost) })
        sheet.add(
            .figures("workers"),
            recoveries.map { row in
                row.map { "\($0.worldBefore) to \($0.worldAfter)" } ?? Figures.unknown
            })
        sheet.add(
            .figures("loss before"), recoveries.map { Figures.fixed($0?.lossBefore, decimals: 4) })
        sheet.add(
            .figures("loss after"), recoveries.map { Figures.fixed($0?.lossAfter, decimals: 4) })
        return sheet
    }
}
