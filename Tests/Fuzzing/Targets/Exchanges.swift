import Collectives
import Compression
import Simulation
import Sketching
import Synchronization
import Wire

/// Whole steps of every exchange method, fed with recorded frames of a right run, changed.
///
/// An input is a case, then frames: the payload's length in two bytes, the header, the payload.
extension FuzzTarget {
    /// `BlockingCollective` and what methods do with words that peers send.
    static let collective = FuzzTarget(
        "collective", share: 30_000,
        .binary(
            (0..<3).flatMap { frame -> [InputFormat.Field] in
                let start = 1 + frame * 74
                return [
                    .init(start, 2), .init(start + 8, 2), .init(start + 22, 4),
                    .init(start + 50, 4),
                ]
            })
    ) {
        try ExchangeCase.all.indices.map { try ExchangeCase.all[$0].record(number: $0) }
    } open: {
        { bytes in
            guard let first = bytes.first else { return false }
            let chosen = ExchangeCase.all[Int(first) % ExchangeCase.all.count]
            return try chosen.replay(ReplayTransport(bytes.dropFirst()))
        }
    }
}

/// A method on a topology, seen from one rank.
private struct ExchangeCase: Sendable {
    enum Kind: CaseIterable, Sendable { case dense, half, topk, gtopk, sketch, everywhere, brain }

    let kind: Kind
    let topology: CollectiveTopology
    let rank: Int

    static let worldSize = 3
    static let steps = 2
    static let layout = GradientLayout(count: 24, compressible: 20)

    static let all: [ExchangeCase] = Kind.allCases.flatMap { kind in
        CollectiveTopology.allCases.flatMap { topology in
            [0, 1, worldSize].compactMap { rank in
                guard kind != .gtopk || topology == .tree, rank < worldSize || topology == .star
                else { return nil }
                return ExchangeCase(kind: kind, topology: topology, rank: rank)
            }
        }
    }

    func method(isServer: Bool) throws -> any ExchangeMethod {
        var options = SketchExchangeOptions(
            shape: SketchShape(rows: 2, columns: 16), k: 3, seed: 5)
        let layout = Self.layout
        switch kind {
        case .dense: return DenseExchange(layout: layout)
        case .half: return DenseExchange(layout: layout, format: .float16, bucketWords: 10)
        case .topk:
            return try TopKExchange(
                layout: layout, k: 3, momentum: 0.5, masking: true, worldSize: Self.worldSize)
        case .gtopk:
            return try GTopKExchange(layout: layout, k: 3, momentum: 0.5, masking: true)
        case .sketch: options.momentum = 0.5
        case .everywhere:
            options.decode = .everywhere
            options.values = .estimated
        case .brain:
            options.format = .bfloat16
            options.appliesAll = true
        }
        return try SketchExchange(layout: layout, options: options, isServer: isServer)
    }

    /// Takes the steps of one rank.
    func step(over collective: BlockingCollective) throws {
        let phases = ThreadedWorld.SilentPhases()
        let isServer = collective.rank == Self.worldSize
        let method = try method(isServer: isServer)
        for step in 0..<Self.steps {
            guard !isServer else {
                try method.serve(step: step, over: collective, phases: phases)
                continue
            }
            var gradient = (0..<Self.layout.count).map { Float($0 * 7 % 11 + collective.rank) }
            try gradient.withUnsafeMutableBufferPointer {
                try method.exchange($0, step: step, over: collective, phases: phases)
            }
        }
    }

    func collective(_ rank: Int, over transport: any Transport) -> BlockingCollective {
        BlockingCollective(
            rank: rank, worldSize: Self.worldSize, topology: topology,
            session: .init(run: 1, chunkWords: 16, deadlineMilliseconds: 5_000),
            transport: transport, phases: ThreadedWorld.SilentPhases())
    }

    /// The frames that the rank gets when everybody is right, as an input.
    func record(number: Int) throws -> [UInt8] {
        let frames = Mutex<[UInt8]>([])
        _ = try ThreadedWorld.run(topology, worldSize: Self.worldSize) { node in
            let transport = RecordingTransport(node.transport) { header, payload in
                guard node.collective.rank == rank else { return }
                let length = [UInt8(payload.count & 255), UInt8(payload.count >> 8)]
                frames.withLock { $0 += length + FuzzTarget.bytes(of: header) + payload }
            }
            try step(over: collective(node.collective.rank, over: transport))
        }
        return [UInt8(number)] + frames.withLock { $0 }
    }

    /// Whether the steps came to their end.
    func replay(_ transport: ReplayTransport) throws -> Bool {
        do {
            try step(over: collective(rank, over: transport))
            return true
        } catch is CollectiveError {
            return false
        }
    }
}

/// Keeps what a transport receives.
private final class RecordingTransport: Transport {
    private let inner: any Transport
    private let keep: (FrameHeader, [UInt8]) -> Void

    init(_ inner: any Transport, keep: @escaping (FrameHeader, [UInt8]) -> Void) {
        self.inner = inner
        self.keep = keep
    }

    func send(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, to rank: Int
    ) throws(CollectiveError) {
        try inner.send(header, payload, to: rank)
    }

    func receive(withinMilliseconds: Int) throws(CollectiveError) -> (any ReceivedFrame)? {
        let frame = try inner.receive(withinMilliseconds: withinMilliseconds)
        if let frame { withExtendedLifetime(frame) { keep(frame.header, [UInt8](frame.payload)) } }
        return frame
    }
}

/// Delivers the frames of an input, one after another, then silence.
private final class ReplayTransport: Transport {
    private final class Frame: ReceivedFrame {
        let header: FrameHeader
        let payload: UnsafeRawBufferPointer
        private let storage: UnsafeMutableRawBufferPointer

        init(_ header: FrameHeader, _ bytes: ArraySlice<UInt8>) {
            self.header = header
            storage = .allocate(byteCount: bytes.count, alignment: 16)
            storage.copyBytes(from: bytes)
            payload = UnsafeRawBufferPointer(storage)
        }

        deinit {
            storage.deallocate()
        }
    }

    private var left: ArraySlice<UInt8>

    init(_ frames: ArraySlice<UInt8>) { left = frames }

    func send(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, to rank: Int
    ) throws(CollectiveError) {}

    /// As `DataMesh` does, passes over what is no frame of ours.
    func receive(withinMilliseconds: Int) throws(CollectiveError) -> (any ReceivedFrame)? {
        while left.count >= 2 + FrameHeader.byteCount {
            let start = left.startIndex
            let length = min(
                Int(left[start]) | Int(left[start + 1]) << 8,
                left.count - 2 - FrameHeader.byteCount)
            let head = left[(start + 2)..<(start + 2 + FrameHeader.byteCount)]
            let payload = left[head.endIndex..<(head.endIndex + length)]
            left = left[payload.endIndex...]
            let header = Array(head).withUnsafeBytes { try? FrameHeader(parsing: $0) }
            if let header, header.length == length { return Frame(header, payload) }
        }
        return nil
    }
}
