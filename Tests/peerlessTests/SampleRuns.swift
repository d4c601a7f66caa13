import Foundation
import RunStore

/// Completed runs without a cluster, for questions about many of them.
extension Program {
    /// Records a run of two workers in the program's database.
    ///
    /// - Parameter milliseconds: of every step.
    @discardableResult
    func record(_ description: RunDescription, milliseconds: Double) throws -> Int64 {
        let store = try RunStore(path: path("peerless.db"))
        let run = try store.createRun(description)
        try store.setStatus(run: run, .running, parameters: 100)
        let nanoseconds = Int64(milliseconds * 1e6)
        for rank in 0..<description.workers {
            try store.insert(
                steps: (0..<4).map { number in
                    StepRow(
                        run: run, rank: rank, step: number, loss: 1,
                        totalNanoseconds: nanoseconds, computeNanoseconds: nanoseconds / 2,
                        encodeNanoseconds: nanoseconds / 10, exchangeNanoseconds: 0,
                        waitNanoseconds: nanoseconds / 5, decodeNanoseconds: nanoseconds / 5,
                        updateNanoseconds: 0, bytesSent: 400, bytesReceived: 400, messagesSent: 1)
                })
        }
        try store.summarise(run: run, checksum: 0xABC)
        try store.setStatus(run: run, .completed)
        return run
    }

    /// What such a run is asked to do.
    static func asked(
        variant: String, seed: UInt64 = 1, method: String = "dense", revision: String? = nil
    ) -> RunDescription {
        RunDescription(
            experiment: "sample", experimentText: "experiment: sample\n", variant: variant,
            seed: seed, topology: "ring", method: method, methodName: method, optimizer: "sgd",
            dataset: "digits", model: "softmax", workers: 2, batch: 8, link: nil, target: nil,
            config: "{}", caseHash: "ca5e-\(variant)", contextHash: "c0ffee",
            gitRevision: revision, host: "{}", uuid: UUID().uuidString)
    }
}
