import Foundation
import RunStore

/// A run of two workers and a server on two hosts: three steps, an evaluation after the second and
/// the last, the clock of worker 1 ahead by 5 s.
func timedRun(name: String = "quickstart") -> (detail: RunDetail, steps: [StepRow]) {
    var detail = sampleDetail(completedRow(run: 3, variant: name))
    detail.description.experiment = name
    detail.description.uuid = "00112233-4455-6677-8899-aabbccddeeff"
    detail.description.workers = 2
    detail.summary.workers = 2
    detail.startedAt = "2026-01-31T09:00:00.000Z"
    detail.finishedAt = "2026-01-31T09:00:02.000Z"
    let start = Int64(detail.startedAt.flatMap { Timestamp.date($0) }?.timeIntervalSince1970 ?? 0)
    let wall = (start + 1) * 1_000_000_000
    detail.events = [
        EventRow(
            run: 3, time: Date(timeIntervalSince1970: Double(start)), kind: "joined",
            node: "worker \"0\"\u{1}", detail: "line\nbreak </script>")
    ]
    detail.evaluations = [
        EvaluationRow(run: 3, step: 2, seconds: 1, split: "test", loss: 0.5, accuracy: 0.75),
        EvaluationRow(run: 3, step: 3, seconds: 2, split: "test", loss: nil, accuracy: 0.8),
    ]
    detail.recoveries = []
    let clocks: [Int64] = [1_000, 5_000_001_000, 1_000]
    detail.nodes = clocks.enumerated().map { rank, clock in
        var node = NodeRow(
            run: 3, rank: rank, role: rank < 2 ? "worker" : "server", name: "n\(rank)",
            host: "h\(rank)", pid: 40 + rank)
        node.clockOffsetNanoseconds = wall - clock
        node.clockErrorNanoseconds = Int64(rank) * 50
        return node
    }
    var steps: [StepRow] = []
    for rank in 0..<3 {
        for number in 0..<3 {
            var row = sampleStep(rank: rank, step: number, loss: rank < 2 ? 0.5 : nil)
            // A step takes 2.1 ms; the evaluation after the second 1 ms.
            let offset = Int64(number) * 2_200_000 + (number == 2 ? 1_000_000 : 0)
            row.beganNanoseconds = clocks[rank] + offset + Int64(rank) * 7
            row.run = 3
            steps.append(row)
        }
    }
    return (detail, steps)
}
