public import Collectives
import Wire

/// One collective operation on every node of a world, in virtual time, from a seed.
///
/// The machines are the ones that real workers run. Each node's link is full-duplex and serves one
/// frame after another in each direction, as the emulated link of the daemons does.
public struct SimulatedNetwork {
    /// How an operation went.
    public struct Outcome: Sendable {
        /// Every node's buffer at the end; a star's server is last.
        public var buffers: [[Float]]
        /// Virtual seconds until the last node had finished.
        public var seconds: Double
        /// Payload bytes sent by each node.
        public var bytesSent: [Int]
        /// Frames sent by each node.
        public var framesSent: [Int]
        /// Nodes that never finished, with the rank that they wait for.
        public var stuck: [(rank: Int, waitingFor: Int)]
    }

    private struct Frame {
        var arrival: Double
        var number: Int
        var from: Int
        var to: Int
        var index: UInt32
        var payload: [Float]
    }

    private let options: NetworkOptions
    private var generator: SeededGenerator
    private var machines: [ProgramMachine] = []
    private var buffers: [[Float]] = []
    private var clocks: [Double] = []
    private var outgoingFree: [Double] = []
    private var incomingFree: [Double] = []
    private var bytesSent: [Int] = []
    private var framesSent: [Int] = []
    private var inFlight: [Frame] = []
    private var kept: [[Frame]] = []
    private var frameCount = 0

    /// A network of these habits; equal seeds give equal schedules.
    public init(options: NetworkOptions = NetworkOptions(), seed: UInt64) {
        self.options = options
        generator = SeededGenerator(seed: seed)
    }

    /// Runs an operation on the workers' buffers, which must be equally long.
    public mutating func run(
        _ topology: CollectiveTopology, _ operation: CollectiveOperation, workers: [[Float]],
        chunkWords: Int, windowWords: Int? = nil
    ) -> Outcome {
        let worldSize = workers.count
        let nodes = worldSize + (topology == .star ? 1 : 0)
        begin(workers, nodes: nodes)
        machines = (0..<nodes).map { rank in
            let program = Program.make(
                topology, operation, rank: rank, worldSize: worldSize, chunkWords: chunkWords,
                windowWords: windowWords)
            return ProgramMachine(program: program, peers: nodes)
        }
        for rank in 0..<nodes { advance(rank) }
        while let frame = popEarliest() { deliver(frame) }
        return outcome()
    }

    private mutating func begin(_ workers: [[Float]], nodes: Int) {
        let words = workers.first?.count ?? 0
        buffers =
            workers
            + Array(repeating: Array(repeating: 0, count: words), count: nodes - workers.count)
        clocks = Array(repeating: 0, count: nodes)
        outgoingFree = clocks
        incomingFree = clocks
        bytesSent = Array(repeating: 0, count: nodes)
        framesSent = bytesSent
        kept = Array(repeating: [], count: nodes)
        inFlight = []
        frameCount = 0
    }

    private func outcome() -> Outcome {
        var machines = machines
        let stuck = machines.indices.compactMap { rank -> (rank: Int, waitingFor: Int)? in
            guard case .wait(let peer) = machines[rank].next() else { return nil }
            return (rank, peer)
        }
        return Outcome(
            buffers: buffers, seconds: clocks.max() ?? 0, bytesSent: bytesSent,
            framesSent: framesSent, stuck: stuck)
    }

    /// Carries out a node's sends until it waits or has finished.
    private mutating func advance(_ rank: Int) {
        while true {
            switch machines[rank].next() {
            case .send(let peer, let index, let range):
                post(from: rank, to: peer, index: index, Array(buffers[rank][range]))
            case .wait:
                guard takeKept(rank) else { return }
            case .finished:
                return
            }
        }
    }

    private mutating func post(from rank: Int, to peer: Int, index: UInt32, _ payload: [Float]) {
        let bytes = payload.count * 4
        bytesSent[rank] += bytes
        framesSent[rank] += 1
        let gone = max(clocks[rank], outgoingFree[rank]) + Double(bytes) * options.secondsPerByte
        outgoingFree[rank] = gone
        let copies =
            Double.random(in: 0..<1, using: &generator) < options.duplicateProbability
            ? 2 : 1
        for _ in 0..<copies {
            let jitter =
                options.jitterSeconds > 0
                ? Double.random(in: 0..<options.jitterSeconds, using: &generator) : 0
            frameCount += 1
            inFlight.append(
                Frame(
                    arrival: gone + options.latencySeconds + jitter, number: frameCount, from: rank,
                    to: peer, index: index, payload: payload))
        }
    }

    /// The frame that arrives first; ties by the order of sending.
    private mutating func popEarliest() -> Frame? {
        guard
            let position = inFlight.indices.min(by: {
                (inFlight[$0].arrival, inFlight[$0].number)
                    < (inFlight[$1].arrival, inFlight[$1].number)
            })
        else { return nil }
        return inFlight.remove(at: position)
    }

    private mutating func deliver(_ frame: Frame) {
        let bytes = Double(frame.payload.count * 4)
        let served = max(
            frame.arrival, incomingFree[frame.to] + bytes * options.secondsPerByte)
        incomingFree[frame.to] = served
        clocks[frame.to] = max(clocks[frame.to], served)
        if offer(frame) { advance(frame.to) } else { kept[frame.to].append(frame) }
    }

    private mutating func takeKept(_ rank: Int) -> Bool {
        for position in kept[rank].indices where offer(kept[rank][position]) {
            kept[rank].remove(at: position)
            return true
        }
        return false
    }

    /// True when the frame is dealt with, false when it has to be kept.
    private mutating func offer(_ frame: Frame) -> Bool {
        let reception = machines[frame.to].received(
            from: frame.from, index: frame.index, words: frame.payload.count)
        switch reception {
        case .combine(let range):
            for (position, value) in zip(range, frame.payload) {
                buffers[frame.to][position] += value
            }
        case .begin(let range), .replace(let range):
            buffers[frame.to].replaceSubrange(range, with: frame.payload)
        case .early: return false
        case .duplicate, .foreign: break
        }
        return true
    }
}
