import Foundation
import RunStore
import Testing

@Suite struct ObservationRowTests {
    private func full(_ run: Int64, _ step: Int) -> ObservationRow {
        var row = ObservationRow(run: run, step: step, workers: 4)
        row.gradientNorm = 1.5
        row.contributionNorm = 2.5
        row.updateNorm = 0.5
        row.residualNorm = 3.5
        row.cosineGradient = 0.25
        row.cosineContribution = 0.75
        row.kept = 65
        row.applied = 60
        row.recall = 0.875
        row.capturedEnergy = 0.96875
        row.topEnergy = 0.375
        row.noiseRatio = 1.25
        row.unchangedShare = 0.0625
        row.associativityDefect = 1e-8
        row.bytesSent = 1 << 40
        row.nanoseconds = 12_345
        return row
    }

    @Test(
        "an observation comes back as it went in, unknown figures too, and replaces an earlier one")
    func roundTrip() throws {
        let folder = try Folder()
        let store = try RunStore(path: folder.database)
        let run = try store.createRun(describedRun())
        let bare = ObservationRow(run: run, step: 99, workers: 3)
        try store.record(observations: [bare, ObservationRow(run: run, step: 49, workers: 4)])
        try store.record(observations: [full(run, 49)])
        #expect(try store.observations(run: run) == [full(run, 49), bare])
        #expect(try store.detail(run: run).observations == [full(run, 49), bare])
        #expect(try store.observations(run: run + 1).isEmpty)
        #expect(throws: StoreError.self) {
            try store.record(observations: [full(run + 1, 1)])
        }
    }

    @Test("a run stalls where more than a tenth of the updates change nothing")
    func stalling() {
        var row = ObservationRow(run: 1, step: 1, workers: 1)
        #expect(!row.isStalling)
        row.unchangedShare = ObservationRow.unchangedLimit
        #expect(!row.isStalling)
        row.unchangedShare = 0.11
        #expect(row.isStalling)
    }
}
