import Foundation
import Reporting
import RunStore
import Testing

/// A database may come from anybody, with figures at the ends of their types.
@Suite struct ExtremeFigureTests {
    private static let ends = [Int.max, .min, -1, 0]

    /// Every export of a run with a figure that is extreme.
    private func exportAll(_ change: (inout RunDetail, inout [StepRow]) -> Void) throws {
        var (detail, steps) = timedRun()
        change(&detail, &steps)
        for export in [
            { _ = try TraceExport.json([(detail, steps)]) },
            { _ = try MLPerfExport.lines([(detail, steps)]) },
            { _ = try MLflowExport.files([(detail, steps)], folder: "/out") },
        ] {
            do {
                try export()
            } catch is ExportError {
                // Steps that no node can have taken are told.
            }
        }
    }

    @Test("exports take any number of a step", arguments: ends)
    func steps(end: Int) throws {
        let figures: [WritableKeyPath<StepRow, Int64>] = [
            \.totalNanoseconds, \.computeNanoseconds, \.waitNanoseconds, \.bytesSent,
        ]
        for figure in figures {
            try exportAll { _, steps in
                for index in steps.indices { steps[index][keyPath: figure] = Int64(end) }
            }
        }
        try exportAll { _, steps in steps[steps.count - 1].beganNanoseconds = Int64(end) }
        try exportAll { _, steps in steps[0].step = end }
        try exportAll { _, steps in steps[0].rank = end }
    }

    @Test("exports take any number and time of a run", arguments: ends)
    func runs(end: Int) throws {
        try exportAll { detail, _ in detail.evaluations[0].step = end }
        try exportAll { detail, _ in detail.nodes[0].clockOffsetNanoseconds = Int64(end) }
        try exportAll { detail, _ in detail.nodes[0].generation = end }
        try exportAll { detail, _ in
            (detail.description.workers, detail.description.batch) = (end, end)
        }
        for time in [Date.distantPast, .distantFuture] {
            try exportAll { detail, _ in detail.events[0].time = time }
        }
    }

    @Test("no export leaves its folder, whatever a run says its UUID is")
    func folders() throws {
        for uuid in ["../../x", "/x", "", "a/../../b", "..", "-"] {
            var run = timedRun()
            run.detail.description.uuid = uuid
            let files = try MLflowExport.files([run], folder: "/out")
            #expect(!files.isEmpty)
            for file in files {
                let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
                #expect(!parts.contains("..") && !parts.contains(""), "\(uuid): \(file.path)")
            }
        }
    }

    @Test("variants of any size are compared", arguments: ends)
    func variants(end: Int) {
        let rows = (1...6).map { (run: Int64) in
            var row = completedRow(run: run, variant: run % 2 == 0 ? "a" : "b")
            (row.workers, row.batch) = (end, end)
            return row
        }
        #expect(VariantComparison(rows, noise: 0.05).rows.count == 2)
    }
}
