/// Parameter server: every worker sends to the server, the server combines in rank order.
extension Program {
    static func star(_ operation: CollectiveOperation, _ place: Place) -> [Instruction] {
        let server = place.worldSize
        let isServer = place.rank == server
        switch operation {
        case .allReduce(let words): return starAllReduce([0..<words], place)
        case .allReduceParts(let parts, _, _): return starAllReduce(parts, place)
        case .reduce(let words, let whole):
            let parts = whole ? [0..<words].filter { !$0.isEmpty } : place.chunks(0..<words)
            return isServer ? parts.flatMap { gather($0, place) } : up(parts, to: server)
        case .broadcast(let words):
            let parts = place.chunks(0..<words)
            return isServer ? parts.flatMap { scatter($0, place) } : down(parts, from: server)
        case .allGather(let block):
            return starAllGather(block, place, isServer: isServer)
        }
    }

    private static func starAllReduce(_ parts: [Range<Int>], _ place: Place) -> [Instruction] {
        let parts = place.chunks(parts)
        let server = place.worldSize
        guard place.rank == server else {
            return interleave(
                up(parts, to: server), down(parts, from: server), window: place.window)
        }
        return parts.flatMap { gather($0, place) + scatter($0, place) }
    }

    private static func up(_ parts: [Range<Int>], to server: Int) -> [Instruction] {
        parts.map { .send(to: server, $0) }
    }

    private static func down(_ parts: [Range<Int>], from server: Int) -> [Instruction] {
        parts.map { .replace(from: server, $0) }
    }

    /// The server's additions for one chunk: rank 0 begins, the others follow in rank order.
    private static func gather(_ part: Range<Int>, _ place: Place) -> [Instruction] {
        (0..<place.worldSize).map {
            $0 == 0 ? .begin(from: $0, part) : .combine(from: $0, part)
        }
    }

    private static func scatter(_ part: Range<Int>, _ place: Place) -> [Instruction] {
        (0..<place.worldSize).map { .send(to: $0, part) }
    }

    /// The server collects every block and sends each worker the blocks that it lacks.
    private static func starAllGather(_ block: Int, _ place: Place, isServer: Bool)
        -> [Instruction]
    {
        func range(_ rank: Int) -> Range<Int> { (rank * block)..<((rank + 1) * block) }
        let server = place.worldSize
        guard isServer else {
            let others = (0..<server).filter { $0 != place.rank }
            return up(place.chunks(range(place.rank)), to: server)
                + others.flatMap { down(place.chunks(range($0)), from: server) }
        }
        let received = (0..<server).flatMap { from in
            place.chunks(range(from)).map { Instruction.replace(from: from, $0) }
        }
        let sent = (0..<server).flatMap { to in
            (0..<server).filter { $0 != to }.flatMap { up(place.chunks(range($0)), to: to) }
        }
        return received + sent
    }
}
