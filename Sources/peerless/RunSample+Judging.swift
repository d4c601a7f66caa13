import Foundation
import Judging
import RunStore

extension MeasuredRun {
    /// What is recorded of a run, as a gate takes it.
    ///
    /// - Parameter source: what its database is called where several are.
    init(_ sample: RunSample, source: String?) {
        let row = sample.summary
        self.init(
            name: source.map { "\($0):\(row.run)" } ?? "run \(row.run)",
            experiment: row.experiment, variant: row.variant, seed: row.seed,
            caseHash: row.caseHash, contextHash: row.contextHash)
        asked = Self.keys(of: sample.config)
        context = Dictionary(sample.context.facts.map { ($0.key, $0.value) }) { first, _ in first }
        revision = row.gitRevision
        failure = row.status == .completed ? row.failure : row.failure ?? row.status.rawValue
        lostNodes = row.faults != nil
        guard row.status == .completed else { return }
        let figures: [Metric: Double?] = [
            .bytesSent: row.bytesSentPerWorkerStep, .bytesReceived: row.bytesReceivedPerWorkerStep,
            .serverBytes: row.serverBytesPerStep, .messages: sample.messagesPerWorkerStep,
            .stepsToTarget: sample.stepsToTarget.map(Double.init), .finalLoss: row.finalLoss,
            .finalAccuracy: row.finalAccuracy, .seconds: row.seconds,
            .step: StepTime.milliseconds(nanoseconds: sample.stepNanoseconds),
            .compute: row.stepMilliseconds.compute, .encode: row.stepMilliseconds.encode,
            .exchange: row.stepMilliseconds.exchange, .wait: row.stepMilliseconds.wait,
            .decode: row.stepMilliseconds.decode, .update: row.stepMilliseconds.update,
        ]
        values = figures.compactMapValues { $0 }.filter { $0.value.isFinite }
    }

    /// The parts of a variant's JSON; nested ones as JSON text.
    private static func keys(of config: String) -> [String: String] {
        let object = try? JSONSerialization.jsonObject(with: Data(config.utf8))
        return (object as? [String: Any] ?? [:]).mapValues { value in
            guard value is [Any] || value is [String: Any],
                let data = try? JSONSerialization.data(
                    withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
            else { return "\(value)" }
            return String(decoding: data, as: UTF8.self)
        }
    }
}
