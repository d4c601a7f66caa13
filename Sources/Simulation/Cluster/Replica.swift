import Membership
import Wire

/// A simulated worker's model: a few whole numbers as floats, so that sums are exact, and the two
/// states that it can go back to. A server has one without parameters.
struct Replica {
    struct State: Equatable {
        var parameters: [Float]
        var offset: Int
    }

    let run: Int64
    private(set) var step: Int
    private(set) var state: State
    private(set) var begun = 0
    private let goesBack: Bool
    private var history = StepHistory()
    private var kept: [State?] = [nil, nil]

    /// - Parameter goesBack: whether states are kept at all.
    init(run: Int64, words: Int, goesBack: Bool) {
        self.run = run
        self.goesBack = goesBack
        step = 0
        state = State(parameters: Array(repeating: 0, count: words), offset: 0)
        keep()
    }

    /// One that has nothing yet; `take` gives it its first state.
    init(run: Int64, awaiting origin: HeldState, words: Int, goesBack: Bool) {
        self.run = run
        self.goesBack = goesBack
        step = origin.step
        begun = origin.step
        state = State(parameters: Array(repeating: 0, count: words), offset: origin.offset)
    }

    /// What the coordinator is told.
    func held(isServer: Bool) -> [HeldState] {
        history.kept.compactMap { step in
            guard let slot = history.slot(of: step), let state = kept[slot] else { return nil }
            return HeldState(
                step: step, checksum: isServer ? 0 : Self.checksum(state.parameters), epoch: 0,
                offset: state.offset)
        }
    }

    var checksum: UInt64 { Self.checksum(state.parameters) }

    mutating func begin() { begun = max(begun, step + 1) }

    /// The step is done: the sum of all gradients goes onto the parameters.
    mutating func finish(adding sum: [Float], samples: Int) {
        for index in sum.indices { state.parameters[index] += sum[index] }
        state.offset += samples
        step += 1
    }

    /// Back to a state that is held; false when it is not.
    mutating func restore(_ origin: HeldState) -> Bool {
        guard let slot = history.slot(of: origin.step), let old = kept[slot] else { return false }
        history.rewind(to: origin.step)
        step = origin.step
        begun = origin.step
        state = old
        return true
    }

    /// The first state, from a peer.
    mutating func take(_ parameters: [Float]) {
        state.parameters = parameters
        keep()
    }

    /// The state is one to go back to from now on.
    mutating func keep() {
        guard goesBack else { return }
        let slot = history.keep(step)
        kept[slot] = state
    }

    static func checksum(_ parameters: [Float]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for value in parameters {
            hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3
        }
        return hash
    }
}

/// What a worker adds in a step: different for every generation, place, step and word, so that
/// nothing of one can pass for something of another.
func simulatedGradient(generation: UInt32, slot: Int, step: Int, words: Int) -> [Float] {
    let place = UInt64(generation) << 40 | UInt64(slot) << 32 | UInt64(step)
    var chance = SeededGenerator(seed: place &* 0x9E37_79B9_7F4A_7C15)
    return (0..<words).map { _ in Float(1 + chance.next() % 1_021) }
}
