import Foundation
import RunStore

/// A completed row with figures of a usual size; tests change what they are about.
func completedRow(
    run: Int64 = 1, variant: String = "gs-sgd", seed: UInt64 = 1, topology: String = "tree",
    method: String = "sketch k=1% r=5 c=8192 p2=4"
) -> ComparisonRow {
    var row = ComparisonRow(
        run: run, experiment: "quickstart", variant: variant, seed: seed, status: .completed,
        topology: topology, method: method, workers: 4)
    row.parameters = 44_426
    row.steps = 300
    row.seconds = 12.5
    row.samplesPerSecond = 3072.4
    row.stepMilliseconds.total = 41.66
    row.stepMilliseconds.compute = 25.1
    row.stepMilliseconds.encode = 1.234
    row.stepMilliseconds.exchange = 3.5
    row.stepMilliseconds.wait = 10.04
    row.stepMilliseconds.decode = 1.5
    row.stepMilliseconds.update = 0.286
    row.bytesSentPerWorkerStep = 167_000.5
    row.bytesReceivedPerWorkerStep = 167_000
    row.serverBytesPerStep = 1_234_567
    row.compression = 7.14
    row.finalLoss = 0.43219
    row.finalAccuracy = 0.8532
    row.bestAccuracy = 0.86
    row.secondsToTarget = 9.87
    row.bytesToTarget = 160_000_000
    row.speedup = 1.434
    row.baseline = "dense-server"
    row.checksum = "0123456789abcdef"
    return row
}

func failedRow(run: Int64 = 2) -> ComparisonRow {
    var row = ComparisonRow(
        run: run, experiment: "quickstart", variant: "dense-ring", seed: 1, status: .failed,
        topology: "ring", method: "dense", workers: 4)
    row.failure = "worker 2 was lost at step 17"
    row.baseline = "dense-server"
    return row
}

func sampleStep(rank: Int, step: Int, loss: Double? = 0.5) -> StepRow {
    StepRow(
        run: 3, rank: rank, step: step, loss: loss, totalNanoseconds: 2_100_000,
        computeNanoseconds: 100_000, encodeNanoseconds: 200_000, exchangeNanoseconds: 300_000,
        waitNanoseconds: 400_000, decodeNanoseconds: 500_000, updateNanoseconds: 600_000,
        bytesSent: 1500, bytesReceived: 2500, messagesSent: 3)
}

func sampleDetail(_ row: ComparisonRow) -> RunDetail {
    let description = RunDescription(
        experiment: row.experiment, experimentText: "experiment: quickstart\n",
        variant: row.variant, seed: row.seed, topology: row.topology, method: row.method,
        methodName: "sketch", optimizer: "sgd 0.1", dataset: "digits", model: "mlp",
        workers: row.workers, batch: 32, link: nil, target: 0.85, config: "{}", caseHash: "c1",
        contextHash: "c2", gitRevision: nil, host: "{}", uuid: "u")
    return RunDetail(
        description: description, summary: row, createdAt: "2026-01-31T09:00:00.123Z",
        startedAt: "2026-01-31T09:00:01.000Z", finishedAt: nil,
        evaluations: [
            EvaluationRow(
                run: row.run, step: 100, seconds: 4, split: "test", loss: 0.5, accuracy: 0.7),
            EvaluationRow(
                run: row.run, step: 200, seconds: 8, split: "test", loss: nil, accuracy: 0.1),
        ],
        events: [
            EventRow(
                run: row.run, time: .init(timeIntervalSince1970: 0), kind: "lost", node: nil,
                detail: "first\nsecond")
        ],
        nodes: [NodeRow(run: row.run, rank: 0, role: "worker", name: "w0", host: "h", pid: 42)])
}
