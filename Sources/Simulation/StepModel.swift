public import Collectives
public import Experiment

/// What one step's exchange should cost: the operations of a method, by formula and in virtual time.
///
/// The formulas are those of the usual latency-bandwidth model: full-duplex links, one port per
/// node, no overlap between operations. Computing, encoding and decoding are left out.
public struct StepModel {
    /// A link of every node.
    public struct Link: Sendable {
        /// Seconds from a frame's leaving to its arrival.
        public var latency: Double
        /// Seconds that a byte occupies a node's link, in each direction.
        public var secondsPerByte: Double

        /// Memberwise.
        public init(latency: Double, secondsPerByte: Double) {
            self.latency = latency
            self.secondsPerByte = secondsPerByte
        }
    }

    /// Collective operations of a step, in order.
    public let operations: [CollectiveOperation]
    /// Bytes of a word of sums; what is only copied travels as it is, in 4.
    private let sumBytes: Int
    private let topology: CollectiveTopology
    private let workers: Int

    /// - Parameters:
    ///   - parameters: d.
    ///   - weights: those of them that are compressed; the rest goes along as it is.
    ///   - dataType: words on the wire of a linear method's sums.
    public init(
        _ method: Method, topology: CollectiveTopology, workers: Int, parameters: Int, weights: Int,
        dataType: ExchangeOptions.DataType = .float32
    ) {
        sumBytes = dataType.bytes
        self.topology = topology
        self.workers = workers
        let small = parameters - weights
        func resolve(_ k: Count) -> Int { k.resolved(of: parameters, atMost: weights) }
        switch method {
        case .dense: operations = [.allReduce(words: parameters)]
        case .topk(let options):
            operations = [.allGather(blockWords: 2 * resolve(options.k) + small)]
        case .gtopk(let options):
            let words = 2 * resolve(options.k) + small
            operations = [.reduce(words: words, whole: true), .broadcast(words: words)]
        case .sketch(let options):
            operations = Self.sketch(
                options, k: resolve(options.k), weights: weights, small: small, topology)
        }
    }

    private static func sketch(
        _ options: SketchOptions, k: Int, weights: Int, small: Int, _ topology: CollectiveTopology
    ) -> [CollectiveOperation] {
        let table = options.rows * options.columns + small
        let isExact = options.values == .exact
        let candidates = min(weights, k * options.candidates)
        let isAtRoot = topology == .star || (topology == .tree && options.decode == .root)
        guard isAtRoot else {
            return [.allReduce(words: table)] + (isExact ? [.allReduce(words: candidates)] : [])
        }
        let kept = isExact && options.applyAll ? candidates : k
        let middle: [CollectiveOperation] =
            isExact
            ? [.broadcast(words: candidates), .reduce(words: candidates, whole: false)] : []
        return [.reduce(words: table, whole: false)] + middle + [
            .broadcast(words: 2 * kept + small)
        ]
    }

    /// Seconds by formula, each operation waiting for the one before, nothing pipelined.
    public func seconds(over link: Link) -> Double {
        operations.reduce(0) { $0 + seconds($1, link) }
    }

    /// What the programs of a step do in virtual time.
    public struct Simulated: Sendable {
        /// Until the last node has finished; an operation begins when the one before has ended.
        public var seconds = 0.0
        /// Payload that a worker sends, mean over the workers.
        public var bytesPerWorker = 0.0
        /// Payload that a dedicated server receives and sends.
        public var serverBytes = 0.0
    }

    /// Runs the very programs that workers run, chunk by chunk, so that what they pipeline is
    /// pipelined.
    public func simulate(over link: Link, chunkWords: Int) -> Simulated {
        var result = Simulated()
        for operation in operations {
            // The network counts words of 4 bytes.
            let shrink = Double(wordBytes(operation)) / 4
            var options = NetworkOptions()
            options.latencySeconds = link.latency
            options.secondsPerByte = link.secondsPerByte * shrink
            var network = SimulatedNetwork(options: options, seed: 0)
            let buffer = [Float](repeating: 0, count: words(operation))
            let outcome = network.run(
                topology, operation, workers: Array(repeating: buffer, count: workers),
                chunkWords: chunkWords)
            let sent = outcome.bytesSent.prefix(workers).reduce(0, +)
            result.seconds += outcome.seconds
            result.bytesPerWorker += shrink * Double(sent) / Double(workers)
            guard topology == .star else { continue }
            let served = outcome.bytesSent.dropFirst(workers).reduce(0, +)
            result.serverBytes += shrink * Double(sent + served)
        }
        return result
    }

    /// Words that the largest operation holds on all workers together.
    public var totalWords: Int { workers * (operations.map(words).max() ?? 0) }

    private func words(_ operation: CollectiveOperation) -> Int {
        switch operation {
        case .allReduce(let words), .allReduceParts(_, let words, _), .reduce(let words, _),
            .broadcast(let words):
            words
        case .allGather(let block): block * workers
        }
    }

    private func wordBytes(_ operation: CollectiveOperation) -> Int {
        switch operation {
        case .allReduce, .allReduceParts, .reduce(_, whole: false): sumBytes
        case .allGather, .broadcast, .reduce: 4
        }
    }

    private func seconds(_ operation: CollectiveOperation, _ link: Link) -> Double {
        let count = Double(workers)
        let depth = Double(levels(workers))
        let bytes = Double(wordBytes(operation) * words(operation))
        let isGather = if case .allGather = operation { true } else { false }
        let directions = if case .allReduce = operation { 2.0 } else { 1.0 }
        func cost(_ rounds: Double, _ bytes: Double) -> Double {
            rounds * link.latency + bytes * link.secondsPerByte
        }
        switch topology {
        case .star:
            // A server passes each of P blocks on to P - 1 workers.
            if isGather { return cost(2, bytes + bytes * (count - 1)) }
            return directions * cost(1, count * bytes)
        case .tree:
            if isGather { return cost(2 * depth, bytes * (count - 1) / count + depth * bytes) }
            return directions * depth * cost(1, bytes)
        case .ring: return directions * cost(count - 1, (count - 1) / count * bytes)
        case .halvingDoubling:
            let core = Double(1 << depthOfCore)
            let folds = core < count ? cost(1, bytes) : 0
            return directions
                * (cost(Double(depthOfCore), (core - 1) / core * bytes) + folds)
        }
    }

    private var depthOfCore: Int { Int.bitWidth - 1 - workers.leadingZeroBitCount }

    /// Levels of a binomial tree: the logarithm of the world size, rounded up.
    private func levels(_ count: Int) -> Int {
        count < 2 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
    }
}
