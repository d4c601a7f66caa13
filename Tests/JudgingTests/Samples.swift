import Judging

/// Runs of one variant with seeds from 1, one for every step time.
func runs(
    steps: [Double], variant: String = "dense", from seed: UInt64 = 1, caseHash: String = "case",
    contextHash: String = "context", change: (inout MeasuredRun) -> Void = { _ in }
) -> [MeasuredRun] {
    steps.enumerated().map { index, milliseconds in
        var run = MeasuredRun(
            name: "run \(index + 1)", experiment: "ci", variant: variant,
            seed: seed + UInt64(index), caseHash: caseHash, contextHash: contextHash)
        run.values = [
            .bytesSent: 1_724_000, .bytesReceived: 1_724_000, .messages: 7, .stepsToTarget: 40,
            .finalLoss: 0.25 + 0.001 * Double(index), .finalAccuracy: 0.9, .step: milliseconds,
        ]
        change(&run)
        return run
    }
}

/// Seven step times that scatter by about 1 %.
let usualSteps = [20.1, 19.9, 20.0, 20.25, 19.8, 20.05, 19.95]

extension Judgement {
    /// The finding of a figure.
    func finding(_ metric: Metric) -> Finding? { findings.first { $0.metric == metric } }
}
