import Foundation
import Reporting
import RunStore
import Testing

@Suite struct ObservationReportTests {
    private func run(_ change: (inout ObservationRow) -> Void = { _ in }) -> RunDetail {
        var detail = sampleDetail(completedRow(run: 3))
        detail.observations = (0..<6).map { index in
            var row = ObservationRow(run: 3, step: 50 * index + 49, workers: 4)
            row.gradientNorm = 2
            row.residualNorm = 0.0123
            row.cosineGradient = 0.5
            row.cosineContribution = 0.75
            row.kept = 4_311
            row.applied = 4_311
            row.recall = 0.25 + 0.1 * Double(index)
            row.capturedEnergy = 0.5 + 0.05 * Double(index)
            row.topEnergy = 0.3
            row.noiseRatio = 1.5
            row.unchangedShare = 0
            row.associativityDefect = 3.1e-8
            row.nanoseconds = 4_500_000
            change(&row)
            return row
        }
        return detail
    }

    private func table(_ detail: RunDetail, width: Int? = nil) -> String {
        ObservationReport.render(detail, format: .table, width: width)
    }

    @Test("the table names the run, says what it means, and plots what there is a curve of")
    func whole() {
        let text = table(run())
        #expect(text.hasPrefix("run 3: quickstart, gs-sgd, seed 1, sketch"))
        #expect(text.contains("finds 50.0 % of the true top-k, and 62.5 % of its energy"))
        #expect(text.contains("sigma/tau is 1.50 in the median: the k-th weight drowns"))
        #expect(text.contains("2.3x the columns"))
        #expect(text.contains("no difference but rounding: 3.1e-08 at most"))
        #expect(text.contains(" 299  0.750  0.750") && text.contains("a captured energy"))
        #expect(!text.contains("ALARM"))
    }

    @Test("updates that change nothing are an alarm above a tenth, with the worst step")
    func alarm() {
        let loud = table(
            run { $0.unchangedShare = $0.step == 149 ? 0.34 : $0.step == 99 ? 0.2 : 0.05 })
        #expect(
            loud.contains(
                "ALARM: 34.0 % of the updates at step 149 changed nothing, above the limit of "
                    + "10.0 % at 2 of 6 observed steps"))
        #expect(!table(run { $0.unchangedShare = 0.1 }).contains("ALARM"))
    }

    @Test("a merge whose order matters is told as a share, an exact one as exact")
    func defects() {
        #expect(
            table(run { $0.associativityDefect = 0.43 })
                .contains("Merged in another order the result is another one: by 43.0 %"))
        #expect(table(run { $0.associativityDefect = 0 }).contains("no difference at all"))
    }

    @Test("a method without k has no columns about k, and one observation no plot")
    func dense() {
        var detail = run { row in
            (row.kept, row.recall, row.capturedEnergy, row.topEnergy) = (nil, nil, nil, nil)
            (row.noiseRatio, row.residualNorm) = (nil, nil)
        }
        let text = table(detail)
        for word in ["recall", "sigma", "energy", "residual"] {
            #expect(!text.contains(word), "\(word)")
        }
        detail.observations = Array(detail.observations.prefix(1))
        #expect(!table(detail).contains("│"))
    }

    @Test("a narrow terminal gets a narrow table")
    func narrow() {
        let lines = table(run(), width: 80).split(separator: "\n").drop { !$0.contains("step") }
        let sheet = lines.drop { !$0.hasPrefix("----") }.prefix(7)
        #expect(sheet.count == 7 && sheet.allSatisfy { $0.count <= 80 })
    }

    @Test("CSV and JSON have every figure, unknown ones empty or null")
    func machines() throws {
        let detail = run { $0.recall = $0.step == 49 ? nil : 0.5 }
        let csv = ObservationReport.render(detail, format: .csv, width: nil)
            .split(separator: "\r\n", omittingEmptySubsequences: true)
        #expect(csv.count == 7 && csv[0].hasPrefix("run,step,workers,gradientNorm"))
        #expect(csv[0].split(separator: ",").count == 19)
        let json = ObservationReport.render(detail, format: .json, width: nil)
        #expect(json.contains("\"recall\" : null"))
        let rows = try JSONDecoder().decode([ObservationRow].self, from: Data(json.utf8))
        #expect(rows == detail.observations)
        let markdown = ObservationReport.render(detail, format: .markdown, width: nil)
        #expect(markdown.hasPrefix("## run 3") && markdown.contains("| recall |"))
    }

    @Test("show says that a run was observed and what to type, and nothing where it was not")
    func mentioned() {
        let shown = RunReport.render(run(), steps: nil, format: .table, width: nil)
        #expect(shown.contains("6 steps, up to step 299: peerless observe 3"))
        let bare = sampleDetail(completedRow(run: 3))
        #expect(!RunReport.render(bare, steps: nil, format: .table, width: nil).contains("observe"))
    }
}
