public import Cluster
public import Experiment
public import Foundation

/// How quick a machine's worker is, measured here or read from a file.
public struct Rates: Codable, Equatable, Sendable {
    /// One method's.
    public struct Entry: Codable, Equatable, Sendable {
        /// The method with its options, as `peerless runs` shows it.
        public var method: String
        /// Medians of its steps.
        public var times: ProcessorTimes

        /// Memberwise.
        public init(method: String, times: ProcessorTimes) {
            self.method = method
            self.times = times
        }
    }

    /// Why rates do not fit a question.
    public struct Mismatch: Error, CustomStringConvertible {
        /// One line.
        public let description: String

        /// With the words to show.
        public init(_ description: String) { self.description = description }
    }

    /// Hash of what they were measured on, as runs record it.
    public var contextHash: String
    /// Cores that share the work of several workers.
    public var cores: Int
    public var model: ModelName
    public var dataset: DatasetName
    /// Blocks that top-k decodes are as many.
    public var workers: Int
    public var batch: Int
    public var threads: Int
    public var methods: [Entry]

    /// Of a machine, for a question.
    public init(
        _ question: AdviceQuestion, contextHash: String, cores: Int, methods: [Entry] = []
    ) {
        self.contextHash = contextHash
        self.cores = cores
        model = question.model
        dataset = question.dataset
        workers = question.workers
        batch = question.batch
        threads = question.threads
        self.methods = methods
    }

    /// Reads what `json` wrote.
    ///
    /// - Throws: `Mismatch` for a file that is none, or was measured for another question.
    public init(json: Data, for question: AdviceQuestion) throws(Mismatch) {
        do {
            self = try JSONDecoder().decode(Rates.self, from: json)
        } catch {
            throw Mismatch("not the rates that `peerless advise --save-rates` writes")
        }
        let pairs: [(String, String, String)] = [
            ("model", model.rawValue, question.model.rawValue),
            ("dataset", dataset.rawValue, question.dataset.rawValue),
            ("workers", "\(workers)", "\(question.workers)"),
            ("batch", "\(batch)", "\(question.batch)"),
            ("threads", "\(threads)", "\(question.threads)"),
        ]
        for (key, found, asked) in pairs where found != asked {
            throw Mismatch("\(key): measured for \(found), asked for \(asked)")
        }
    }

    /// With sorted keys and a final line end.
    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }

    /// Of a method with these options; `nil` when it was not measured.
    public func times(of method: String) -> ProcessorTimes? {
        methods.first { $0.method == method }?.times
    }

    /// Measures every method of the variants once, on this machine.
    ///
    /// Computing and the optimiser are the same whatever the method: all get the median.
    ///
    /// - Throws: `ModelError` or `MethodError` when model, data and options do not fit.
    public static func measure(
        _ question: AdviceQuestion, _ variants: [Variant], facts: HostFacts, seconds: Double
    ) throws -> Rates {
        var rates = Rates(question, contextHash: facts.contextHash, cores: facts.cores)
        for variant in variants where rates.times(of: variant.methodSummary) == nil {
            let times = try StepMeter.measure(variant, seconds: seconds)
            rates.methods.append(Entry(method: variant.methodSummary, times: times))
        }
        let compute = rates.methods.map(\.times.computeMilliseconds).sorted()
        for index in rates.methods.indices where !compute.isEmpty {
            rates.methods[index].times.computeMilliseconds = compute[(compute.count - 1) / 2]
        }
        return rates
    }
}
