import Foundation
import RunStore

/// A database of its own with made-up runs, removed at the end.
final class ReportScene {
    let store: RunStore
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "peerless-report-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try RunStore(path: folder.appending(path: "runs.db").path(percentEncoded: false))
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// A run that has begun.
    func begin(
        _ variant: String, seed: UInt64 = 1, workers: Int = 2, experiment: String = "made",
        text: String = "experiment: made\n"
    ) throws -> Int64 {
        let run = try store.createRun(
            RunDescription(
                experiment: experiment, experimentText: text, variant: variant, seed: seed,
                topology: "ring", method: "dense", methodName: "dense", optimizer: "lr 0.1",
                dataset: "digits", model: "softmax", workers: workers, batch: 8, link: nil,
                target: nil, config: "{}", caseHash: "c", contextHash: "x", gitRevision: nil,
                host: #"{"host":"here"}"#, uuid: UUID().uuidString, context: #"{"cores":2}"#))
        try store.setStatus(run: run, .running, parameters: 10)
        return run
    }

    /// Steps of all workers whose loss falls from 1, each 20 ms, with the given bytes.
    func train(
        _ run: Int64, workers: Int = 2, steps: Range<Int>, bytes: Int64 = 1000, scale: Double = 1
    ) throws {
        try store.insert(
            steps: (0..<workers).flatMap { rank in
                steps.map { step in
                    StepRow(
                        run: run, rank: rank, step: step, loss: scale / Double(step + 1),
                        totalNanoseconds: 20_000_000, computeNanoseconds: 5_000_000,
                        encodeNanoseconds: 0, exchangeNanoseconds: 0,
                        waitNanoseconds: 15_000_000 * Int64(rank), decodeNanoseconds: 0,
                        updateNanoseconds: 0, bytesSent: bytes, bytesReceived: bytes,
                        messagesSent: 1)
                }
            })
    }

    /// A completed run.
    @discardableResult
    func complete(
        _ variant: String, seed: UInt64 = 1, workers: Int = 2, experiment: String = "made",
        text: String = "experiment: made\n", bytes: Int64 = 1000
    ) throws -> Int64 {
        let run = try begin(
            variant, seed: seed, workers: workers, experiment: experiment, text: text)
        try train(run, workers: workers, steps: 0..<30, bytes: bytes)
        try store.insert(evaluations: [
            EvaluationRow(run: run, step: 30, seconds: 0.6, split: "test", loss: 0.5, accuracy: 0.9)
        ])
        try store.summarise(run: run, checksum: 0xABC)
        try store.setStatus(run: run, .completed)
        return run
    }

    /// A run that failed after some steps.
    @discardableResult
    func fail(
        _ variant: String, seed: UInt64 = 1, steps: Int = 5, experiment: String = "made"
    ) throws -> Int64 {
        let run = try begin(variant, seed: seed, experiment: experiment)
        if steps > 0 { try train(run, steps: 0..<steps) }
        try store.setStatus(run: run, .failed, failure: "worker 1 <was> lost")
        return run
    }
}
