import Foundation
import RunStore

/// A folder of its own for one test, removed at the end.
final class Folder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "peerless-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var database: String { path + "/runs.db" }
}

/// A run to queue; tests change what they are about.
func describedRun(
    experiment: String = "quickstart", variant: String = "dense-server", seed: UInt64 = 1,
    topology: String = "server", methodName: String = "dense", workers: Int = 2, batch: Int = 8,
    target: Double? = nil
) -> RunDescription {
    RunDescription(
        experiment: experiment, experimentText: "experiment: \(experiment)\n", variant: variant,
        seed: seed, topology: topology, method: "\(methodName) k=1%", methodName: methodName,
        optimizer: "sgd", dataset: "digits", model: "softmax", workers: workers, batch: batch,
        link: nil, target: target, config: "{}", caseHash: "case", contextHash: "context",
        gitRevision: nil, host: "{}", uuid: UUID().uuidString)
}

/// A step whose phases are 1 to 6 parts of `unit` nanoseconds, 21 in total.
func step(
    run: Int64 = 1, rank: Int, step: Int, loss: Double? = 1, unit: Int64 = 1_000_000,
    sent: Int64 = 100, received: Int64 = 200
) -> StepRow {
    StepRow(
        run: run, rank: rank, step: step, loss: loss, totalNanoseconds: 21 * unit,
        computeNanoseconds: unit, encodeNanoseconds: 2 * unit, exchangeNanoseconds: 3 * unit,
        waitNanoseconds: 4 * unit, decodeNanoseconds: 5 * unit, updateNanoseconds: 6 * unit,
        bytesSent: sent, bytesReceived: received, messagesSent: 1)
}

func evaluation(
    run: Int64 = 1, step: Int, seconds: Double = 1, split: String = "test", loss: Double? = 1,
    accuracy: Double?
) -> EvaluationRow {
    EvaluationRow(
        run: run, step: step, seconds: seconds, split: split, loss: loss, accuracy: accuracy)
}

extension RunStore {
    /// A completed run of two workers in which a step takes `unit` x 21 ns.
    @discardableResult
    func completeRun(
        _ description: RunDescription, unit: Int64 = 1_000_000, steps: Int = 4
    ) throws -> Int64 {
        let run = try createRun(description)
        try setStatus(run: run, .running, parameters: 100)
        for rank in 0..<description.workers {
            try insert(
                steps: (0..<steps).map { number in
                    step(run: run, rank: rank, step: number, unit: unit)
                })
        }
        try insert(evaluations: [evaluation(run: run, step: steps, accuracy: 0.5)])
        try summarise(run: run, checksum: 0xABC)
        try setStatus(run: run, .completed)
        return run
    }
}
