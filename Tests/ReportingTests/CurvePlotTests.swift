import Charts
import Reporting
import RunStore
import Testing

@Suite struct CurvePlotTests {
    @Test("an experiment has a line for each variant, with a band where there are seeds")
    func variants() throws {
        let scene = try ReportScene()
        for seed in 1...3 { try scene.complete("a", seed: UInt64(seed)) }
        try scene.complete("b")
        let plot = try CurvePlot(experiment: "made", .step, .loss, from: scene.store)
        #expect(plot.chart.series.map(\.name) == ["a (3 seeds)", "b"])
        #expect(plot.chart.series.map(\.band.isEmpty) == [false, true])
        #expect(plot.chart.series[0].points.first == Point(1, 1))
        #expect(plot.chart.series[0].points.last?.x == 30 && plot.remarks.isEmpty)
    }

    @Test("seconds are the training clock, bytes what a worker sent, accuracy that of evaluations")
    func axes() throws {
        let scene = try ReportScene()
        let run = try scene.complete("a", bytes: 1 << 20)
        func last(_ across: CurveAcross, _ up: CurveUp) throws -> (Axis, Point?) {
            let chart = try CurvePlot(runs: [run], across, up, from: scene.store).chart
            return (chart.x, chart.series[0].points.last)
        }
        let (clock, second) = try last(.seconds, .loss)
        #expect(clock.unit == "s" && abs((second?.x ?? 0) - 0.6) < 1e-9)
        let (sent, byte) = try last(.bytes, .accuracy)
        #expect(sent.unit == "MiB" && byte == Point(30, 0.9))
    }

    @Test(
        "a loss that runs away leaves the others where they can be read, and the table says it all")
    func runaway() throws {
        let scene = try ReportScene()
        try scene.complete("good")
        let bad = try scene.begin("bad")
        try scene.train(bad, steps: 0..<2)
        try scene.train(bad, steps: 2..<3, scale: 1e15)
        try scene.store.setStatus(run: bad, .failed, failure: "gone")
        let plot = try CurvePlot(experiment: "made", .step, .loss, from: scene.store)
        let highest = plot.chart.series.flatMap(\.points).map(\.y).max() ?? 0
        #expect(highest == 1.2 && plot.remarks == ["bad, seed 1, run 2: gone"])
        let page = try ReportPage.html(experiment: "made", from: scene.store)
        #expect(
            page.contains("cut off at the upper edge")
                && page.contains("<td class=\"n\">3.33e14</td>"))
    }

    @Test("where there is nothing to draw that is said")
    func nothing() throws {
        let scene = try ReportScene()
        let run = try scene.fail("a", steps: 0)
        #expect(throws: StoreError.noSteps(run)) {
            try CurvePlot(runs: [run], .step, .loss, from: scene.store)
        }
        #expect(throws: StoreError.nothingEvaluated("made")) {
            try CurvePlot(experiment: "made", .step, .accuracy, from: scene.store)
        }
    }
}
