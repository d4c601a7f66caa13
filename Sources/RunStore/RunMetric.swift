/// A figure of a run that people follow over time.
public enum RunMetric: String, CaseIterable, Codable, Sendable {
    /// Median wall time of a step.
    case stepMilliseconds = "step-milliseconds"
    /// Its phases.
    case computeMilliseconds = "compute-milliseconds"
    case encodeMilliseconds = "encode-milliseconds"
    case exchangeMilliseconds = "exchange-milliseconds"
    case waitMilliseconds = "wait-milliseconds"
    case decodeMilliseconds = "decode-milliseconds"
    case updateMilliseconds = "update-milliseconds"
    /// Of all workers, by the training clock.
    case samplesPerSecond = "samples-per-second"
    /// That a worker sends in a step.
    case bytes
    /// In and out of the server in a step.
    case serverBytes = "server-bytes"
    /// Training loss over the last tenth of the steps.
    case finalLoss = "final-loss"
    /// Test accuracy of the last evaluation.
    case finalAccuracy = "final-accuracy"
    /// The training clock of the whole run.
    case seconds
    /// The training clock when the target was reached.
    case secondsToTarget = "seconds-to-target"
    /// Bytes that all workers had sent by then.
    case bytesToTarget = "bytes-to-target"

    /// Of a run; `nil` where unknown.
    public func value(of row: ComparisonRow) -> Double? {
        let step = row.stepMilliseconds
        return switch self {
        case .stepMilliseconds: step.total
        case .computeMilliseconds: step.compute
        case .encodeMilliseconds: step.encode
        case .exchangeMilliseconds: step.exchange
        case .waitMilliseconds: step.wait
        case .decodeMilliseconds: step.decode
        case .updateMilliseconds: step.update
        case .samplesPerSecond: row.samplesPerSecond
        case .bytes: row.bytesSentPerWorkerStep
        case .serverBytes: row.serverBytesPerStep
        case .finalLoss: row.finalLoss
        case .finalAccuracy: row.finalAccuracy
        case .seconds: row.seconds
        case .secondsToTarget: row.secondsToTarget
        case .bytesToTarget: row.bytesToTarget.map(Double.init)
        }
    }

    /// Whether more of it is better.
    public var isBetterGreater: Bool { self == .samplesPerSecond || self == .finalAccuracy }
}
