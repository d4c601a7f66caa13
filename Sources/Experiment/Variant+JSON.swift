import Foundation

/// A variant as daemons and clients send it: bytes that this process did not write.
extension Variant {
    /// Bytes of the longest JSON that is read.
    public static let maximumJSONBytes = 65_536
    /// Steps of the longest run.
    static let maximumSteps = 1 << 40

    /// Reads a variant's JSON; what it says is within the bounds that experiment files have, so
    /// that whoever takes it may multiply, convert and allocate.
    ///
    /// - Throws: `ExperimentError` with the key, what was found and what is allowed.
    public init(json: String) throws(ExperimentError) {
        guard json.utf8.count <= Self.maximumJSONBytes else {
            throw Self.error("", "\(json.utf8.count) bytes", "at most \(Self.maximumJSONBytes)")
        }
        do {
            self = try JSONDecoder().decode(Variant.self, from: Data(json.utf8))
        } catch {
            throw Self.error("", shortened("\(error)"), "the JSON that peerless writes")
        }
        if let key = firstOutOfBounds {
            throw Self.error(key, "a value out of bounds", "what an experiment file may say")
        }
    }

    private static func error(_ key: String, _ found: String, _ allowed: String) -> ExperimentError
    {
        ExperimentError(source: "a variant", line: nil, key: key, found: found, allowed: allowed)
    }

    /// The first key whose value no experiment file may give.
    private var firstOutOfBounds: String? {
        let checks: [(String, Bool)] = [
            ("experiment", experiment.utf8.count <= 200),
            ("name", name.utf8.count <= 200),
            ("workers", (1...256).contains(workers)),
            ("batch", (1...65_536).contains(batch)),
            ("threads", (1...64).contains(threads)),
            ("steps", steps.map { (1...Self.maximumSteps).contains($0) } ?? (epochs != nil)),
            ("epochs", epochs.map { $0 > 0 && $0 <= 1e5 } ?? true),
            ("evaluate.every", evaluate.every.map { $0 >= 1 } ?? true),
            ("observe.every", observe.map { $0.every >= 1 } ?? true),
            ("target.accuracy", target.map { $0.accuracy > 0 && $0.accuracy < 1 } ?? true),
            ("augment.shift", (0...16).contains(augment.shift)),
            ("chunk", (4_096...268_435_456).contains(chunkBytes) && chunkBytes % 4 == 0),
            ("checksumEvery", checksumEvery >= 1),
            ("deadline", (0.1...3600).contains(deadlineSeconds)),
            ("link", link?.isPlausible ?? true),
            ("synthetic", synthetic.isPlausible),
            ("optimizer", optimizer.isPlausible),
            ("buckets", exchange?.isPlausible ?? true),
            ("method", method.isPlausible && method.topologies.contains(topology)),
            ("onLoss", reliability?.isPlausible(workers: workers) ?? true),
            ("dtype", method.isLinear || exchange == nil),
        ]
        return checks.first { !$0.1 }?.0
    }
}

extension ReliabilityOptions {
    fileprivate func isPlausible(workers: Int) -> Bool {
        (1...3600).contains(rejoinSeconds) && checkpointEvery.map { $0 >= 1 } ?? true
            && (1...1000).contains(checkpointKeep) && faults.count <= 1_000
            && faults.allSatisfy { $0.isPlausible(workers: workers) }
    }
}

extension Fault {
    fileprivate func isPlausible(workers: Int) -> Bool {
        if case .worker(let number) = target, !(0..<workers).contains(number) { return false }
        if let step, step < 0 { return false }
        switch action {
        case .kill, .restart: return step != nil
        case .pause(let seconds): return step != nil && (0.001...3600).contains(seconds)
        case .slow(let factor): return factor > 1 && factor <= 1_000_000
        }
    }
}

extension LinkOptions {
    fileprivate var isPlausible: Bool {
        (0...10).contains(latencySeconds)
            && bandwidthBitsPerSecond.map { (1e3...1e15).contains($0) } ?? true
    }
}

extension SyntheticOptions {
    fileprivate var isPlausible: Bool {
        (1...10_000_000).contains(samples) && (1...64).contains(channels)
            && (1...512).contains(size) && (2...256).contains(classes)
    }
}

extension OptimizerOptions {
    fileprivate var isPlausible: Bool {
        learningRate > 0 && momentum >= 0 && momentum < 1 && weightDecay >= 0
            && (stepEvery.map { $0 >= 1 } ?? (schedule != .step))
            && stepFactor > 0 && stepFactor <= 1 && warmupSteps >= 0
    }
}

extension ExchangeOptions {
    fileprivate var isPlausible: Bool {
        bucketBytes.map { (4_096...1_000_000_000_000).contains($0) && $0 % 4 == 0 } ?? true
    }
}

extension Method {
    fileprivate var isPlausible: Bool {
        switch self {
        case .dense: true
        case .topk(let options), .gtopk(let options): options.k.isPlausible
        case .sketch(let options):
            options.k.isPlausible && (16...(1 << 30)).contains(options.columns)
                && (1...64).contains(options.rows)
                && options.rows * options.columns <= 1 << 28
                && (1...1024).contains(options.candidates)
        }
    }
}

extension Count {
    fileprivate var isPlausible: Bool {
        switch self {
        case .absolute(let count): count >= 1
        case .percent(let share): share > 0 && share <= 100
        }
    }
}
