import Foundation
import Reporting
import RunStore
import Testing

@Suite struct TraceExportTests {
    private struct Trace: Decodable {
        struct Event: Decodable {
            struct Arguments: Decodable {
                var name: String?
                var step: Int?
                var detail: String?
            }
            var name: String
            var cat: String?
            var ph: String
            var ts: Double?
            var dur: Double?
            var pid: Int64
            var tid: Int
            var s: String?
            var args: Arguments?
        }
        var traceEvents: [Event]
        var otherData: [String: String]
    }

    private func trace(_ runs: [(detail: RunDetail, steps: [StepRow])]) throws -> Trace {
        let text = try TraceExport.json(runs)
        return try JSONDecoder().decode(Trace.self, from: Data(text.utf8))
    }

    /// Checks that time never runs backwards, and that slices of a thread nest and never overlap.
    private func checkStructure(_ trace: Trace) {
        var open: [[Int64]: [(end: Double, name: String)]] = [:]
        var latest = 0.0
        for event in trace.traceEvents where event.ph != "M" {
            let moment = event.ts ?? -1
            #expect(moment >= latest, "\(event)")
            latest = moment
            guard event.ph == "X" else { continue }
            let end = moment + (event.dur ?? -1)
            #expect(end > moment)
            let track = [event.pid, Int64(event.tid)]
            // Half a nanosecond of rounding.
            open[track, default: []].removeAll { $0.end <= moment + 5e-4 }
            if let outer = open[track]?.last {
                #expect(end <= outer.end + 5e-4, "\(event) within \(outer)")
            }
            open[track, default: []].append((end, event.name))
            #expect(open[track, default: []].count <= 2)
        }
    }

    @Test("a trace has a track per rank with steps and phases that nest and do not overlap")
    func structure() throws {
        let trace = try trace([timedRun()])
        checkStructure(trace)
        for thread in 1...3 {
            let slices = trace.traceEvents.filter { $0.tid == thread && $0.ph == "X" }
            #expect(slices.count { $0.cat == "step" } == 3)
            #expect(slices.count { $0.cat == "phase" } == 18)
            let gap = try #require(slices.first { $0.cat == "between steps" })
            #expect(gap.name == "evaluation" && abs((gap.dur ?? 0) - 1_100) < 0.001)
        }
        let names = trace.traceEvents.filter { $0.name == "thread_name" }.map { $0.args?.name }
        #expect(names == ["events", "rank 0: n0 on h0", "rank 1: n1 on h1", "server: n2 on h2"])
        #expect(trace.otherData["clock_error_nanoseconds"] == "100")
    }

    @Test("clocks of several hosts are brought together")
    func clocks() throws {
        let trace = try trace([timedRun()])
        let starts = trace.traceEvents.filter { $0.name == "step 1" }.compactMap(\.ts)
        // 7 ns from rank to rank, though the second clock is 5 s ahead.
        #expect(starts.count == 3)
        for (earlier, later) in zip(starts, starts.dropFirst()) {
            #expect(abs(later - earlier - 0.007) < 1e-6)
        }
    }

    @Test("evaluations and events are instants, whatever their texts hold")
    func instants() throws {
        let instants = try trace([timedRun()]).traceEvents.filter { $0.ph == "i" }
        #expect(instants.map(\.name) == ["joined", "evaluation", "evaluation"])
        #expect(instants.first?.args?.detail == "worker \"0\"\u{1}: line\nbreak </script>")
        #expect(instants.first?.s == "p" && instants.last?.s == "t")
        #expect(instants.compactMap { $0.args?.step } == [2, 3])
    }

    @Test("a step is placed by the clock of the generation that it belongs to")
    func generations() throws {
        var run = timedRun()
        let recovery = RecoveryRow(
            run: 3, generation: 1, cause: .workerLost,
            detectedAt: try #require(Timestamp.date("2026-01-31T09:00:01.004Z")), step: 2,
            worldBefore: 2, worldAfter: 2)
        run.detail.recoveries = [recovery]
        var moved = run.detail.nodes[1]
        moved.generation = 1
        moved.name = "n9"
        moved.clockOffsetNanoseconds = (moved.clockOffsetNanoseconds ?? 0) + 50_000_000
        for rank in [0, 2] {
            var same = run.detail.nodes[rank]
            same.generation = 1
            run.detail.nodes.append(same)
        }
        run.detail.nodes.append(moved)
        let trace = try trace([run])
        checkStructure(trace)
        let last = trace.traceEvents.filter { $0.name == "step 2" }.sorted { $0.tid < $1.tid }
        #expect(abs((last[1].ts ?? 0) - (last[0].ts ?? 0) - 50_000.007) < 0.001)
        #expect(trace.traceEvents.contains { $0.args?.name == "rank 1: n1 on h1, then n9 on h1" })
        #expect(trace.traceEvents.contains { $0.name == "worker lost: detected" && $0.ph == "i" })
        #expect(!trace.traceEvents.contains { $0.cat == "between steps" })
    }

    @Test("phases that add up to more than their step are cut at its end")
    func longPhases() throws {
        var run = timedRun()
        for index in run.steps.indices { run.steps[index].computeNanoseconds = 2_000_000 }
        checkStructure(try trace([run]))
    }

    @Test("several runs share one axis, each a process of its own")
    func severalRuns() throws {
        var other = timedRun()
        other.detail.summary.run = 4
        let trace = try trace([timedRun(), other])
        checkStructure(trace)
        #expect(Set(trace.traceEvents.map(\.pid)) == [3, 4])
    }

    @Test("without moments, or without steps, nothing is guessed")
    func refusals() {
        var run = timedRun()
        run.steps[0].beganNanoseconds = nil
        #expect(throws: ExportError.noClocks(run: 3)) { try TraceExport.json([run]) }
        run = timedRun()
        run.detail.nodes[1].clockOffsetNanoseconds = nil
        #expect(throws: ExportError.noClocks(run: 3)) { try TraceExport.json([run]) }
        run.steps = []
        #expect(throws: ExportError.noSteps(run: 3)) { try TraceExport.json([run]) }
    }
}
