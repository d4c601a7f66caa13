/// One node in one collective operation: a value that takes events and tells what to do next.
///
/// The machine has no socket, clock or thread and never touches the buffer: it names ranges. The
/// driver asks `next()` until it says `.wait` or `.finished`, and offers every frame to
/// `received(from:index:words:)`. Frames may come in any order and more than once.
public struct ProgramMachine: Sendable {
    /// What the driver does next.
    public enum Action: Equatable, Sendable {
        /// Send a range; `index` numbers the frames to this peer.
        case send(to: Int, index: UInt32, Range<Int>)
        /// Nothing to do before the next frame of this peer.
        case wait(for: Int)
        /// The operation is complete on this node.
        case finished
    }

    /// What becomes of an offered frame.
    public enum Reception: Equatable, Sendable {
        /// Overwrite the range with the payload now: it is the first addend of a sum.
        case begin(Range<Int>)
        /// Combine the payload into the range now.
        case combine(Range<Int>)
        /// Overwrite the range with the payload now.
        case replace(Range<Int>)
        /// Its turn will come: keep it and offer it again after the next progress.
        case early
        /// It was taken before: drop it.
        case duplicate
        /// No frame of this operation looks like that: drop it and count it.
        case foreign
    }

    private let program: [Instruction]
    private let sendsEnd: Int
    private var position = 0
    private var sent: [UInt32]
    private var taken: [UInt32]

    /// A machine at the first instruction.
    ///
    /// - Parameter peers: ranks that exist, a server included.
    public init(program: [Instruction], peers: Int) {
        self.program = program
        let last = program.lastIndex { if case .send = $0 { true } else { false } }
        sendsEnd = last.map { $0 + 1 } ?? 0
        sent = Array(repeating: 0, count: peers)
        taken = Array(repeating: 0, count: peers)
    }

    /// Whether every instruction was carried out.
    public var isFinished: Bool { position == program.count }

    /// Whether nothing is left to be sent.
    public var hasSentAll: Bool { position >= sendsEnd }

    /// The next thing to do; a `.send` is counted as done.
    public mutating func next() -> Action {
        guard position < program.count else { return .finished }
        switch program[position] {
        case .send(let peer, let range):
            position += 1
            sent[peer] += 1
            return .send(to: peer, index: sent[peer] - 1, range)
        case .begin(let peer, _), .combine(let peer, _), .replace(let peer, _):
            return .wait(for: peer)
        }
    }

    /// Takes a frame if it is the one that the current instruction waits for.
    public mutating func received(from peer: Int, index: UInt32, words: Int) -> Reception {
        guard taken.indices.contains(peer) else { return .foreign }
        if index < taken[peer] { return .duplicate }
        guard position < program.count else { return .foreign }
        guard index == taken[peer] else { return .early }
        switch program[position] {
        case .begin(from: peer, let range):
            return accept(peer, words == range.count ? .begin(range) : .foreign)
        case .combine(from: peer, let range):
            return accept(peer, words == range.count ? .combine(range) : .foreign)
        case .replace(from: peer, let range):
            return accept(peer, words == range.count ? .replace(range) : .foreign)
        default:
            return .early
        }
    }

    private mutating func accept(_ peer: Int, _ reception: Reception) -> Reception {
        guard reception != .foreign else { return .foreign }
        taken[peer] += 1
        position += 1
        return reception
    }
}
