import Collectives

/// Collective operations that are offered foreign frames.
extension FuzzTarget {
    private static let topologies = CollectiveTopology.allCases

    /// `ProgramMachine.received`: an input is a place in a world, then events of six bytes.
    static let machine = FuzzTarget(
        "machine", share: 100_000,
        .binary((0..<12).flatMap { [.init(4 + 6 * $0, 1), .init(5 + 6 * $0, 4)] })
    ) {
        topologies.indices.flatMap { topology in (0..<3).map { events(topology, rank: $0) } }
    } open: {
        { bytes in
            guard bytes.count > 4 else { return false }
            let (program, world) = program(bytes)
            return play(bytes.dropFirst(4), on: program, peers: world + 1)
        }
    }

    /// The program of a place: topology, rank, workers less one, words.
    private static func program(_ place: [UInt8]) -> ([Instruction], world: Int) {
        let topology = topologies[Int(place[0]) % topologies.count]
        let world = 1 + Int(place[2]) % 8
        let rank = Int(place[1]) % (topology == .star ? world + 1 : world)
        let program = Program.make(
            topology, .allReduce(words: Int(place[3])), rank: rank, worldSize: world,
            chunkWords: 3)
        return (program, world)
    }

    /// The frames that a place waits for, in their order.
    private static func events(_ topology: Int, rank: Int) -> [UInt8] {
        let place = [UInt8(topology), UInt8(rank), 3, 32]
        var indices: [Int: UInt8] = [:]
        return place
            + program(place).0.flatMap { instruction -> [UInt8] in
                switch instruction {
                case .send: return []
                case .begin(let peer, let range), .combine(let peer, let range),
                    .replace(let peer, let range):
                    let index = indices[peer, default: 0]
                    indices[peer] = index + 1
                    return [UInt8(peer), index, 0, 0, 0, UInt8(range.count)]
                }
            }
    }

    /// Offers every event; whether one was taken.
    private static func play(
        _ events: ArraySlice<UInt8>, on program: [Instruction], peers: Int
    ) -> Bool {
        var machine = ProgramMachine(program: program, peers: peers)
        var taken = false
        var events = events
        while events.count >= 6 {
            while case .send = machine.next() {}
            let event = Array(events.prefix(6))
            events = events.dropFirst(6)
            let index = event[1..<5].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let reception = machine.received(
                from: Int(Int8(bitPattern: event[0])), index: index,
                words: Int(Int8(bitPattern: event[5])))
            switch reception {
            case .begin, .combine, .replace: taken = true
            case .early, .duplicate, .foreign: break
            }
        }
        return taken
    }
}
