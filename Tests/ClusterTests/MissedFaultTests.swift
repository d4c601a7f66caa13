import Cluster
import Experiment
import Foundation
import RunStore
import Testing

/// Which faults of an experiment a run has not had.
@Suite("Missed faults")
struct MissedFaultTests {
    private let faults = [
        Fault(step: 20, action: .kill, target: .coordinator),
        Fault(step: 20, action: .kill, target: .coordinator),
        Fault(step: 30, action: .kill, target: .worker(1)),
        Fault(step: 60, action: .restart, target: .worker(1)),
    ]

    private func missed(_ told: [Fault], kind: String = "fault") -> [Fault] {
        MissedFaults.of(
            faults,
            events: told.map {
                EventRow(run: 1, time: Date(), kind: kind, node: nil, detail: $0.summary)
            })
    }

    @Test("what no event tells of has not happened; one event stands for one fault")
    func missing() {
        #expect(missed(faults).isEmpty)
        #expect(missed([]) == faults)
        #expect(missed([faults[3], faults[0]]) == [faults[1], faults[2]])
        #expect(missed(faults, kind: "trouble") == faults)
        #expect(missed(faults, kind: "fault not carried out").isEmpty)
    }
}
