/// Binomial tree with root 0 for any world size: in round s, a rank with bit s set and lower bits
/// clear sends to rank - 2^s. A child beyond the world is skipped.
extension Program {
    static func tree(_ operation: CollectiveOperation, _ place: Place) -> [Instruction] {
        switch operation {
        case .allReduce(let words): return treeAllReduce([0..<words], place)
        case .allReduceParts(let parts, _, _): return treeAllReduce(parts, place)
        case .reduce(let words, let whole):
            let parts = whole ? [0..<words].filter { !$0.isEmpty } : place.chunks(0..<words)
            return parts.flatMap { reduceUp($0, place) }
        case .broadcast(let words):
            return place.chunks(0..<words).flatMap { broadcastDown($0, place) }
        case .allGather(let block):
            return gatherUp(block, place)
                + place.chunks(0..<(block * place.worldSize)).flatMap { broadcastDown($0, place) }
        }
    }

    /// The root sends a part down as soon as it is summed; the others expect it a window after they
    /// have sent theirs up.
    private static func treeAllReduce(_ parts: [Range<Int>], _ place: Place) -> [Instruction] {
        let chunks = place.chunks(parts)
        let lag = place.rank == 0 ? 0 : min(place.window, chunks.count)
        return (0..<(chunks.count + lag)).flatMap { index in
            (index < chunks.count ? reduceUp(chunks[index], place) : [])
                + (index >= lag ? broadcastDown(chunks[index - lag], place) : [])
        }
    }

    private static func parent(of rank: Int) -> Int? { rank == 0 ? nil : rank & (rank - 1) }

    /// Children in the order of the rounds in which they send.
    private static func children(_ place: Place) -> [Int] {
        var result: [Int] = []
        var bit = 1
        while bit < place.worldSize, place.rank & bit == 0 {
            if place.rank + bit < place.worldSize { result.append(place.rank + bit) }
            bit <<= 1
        }
        return result
    }

    private static func reduceUp(_ part: Range<Int>, _ place: Place) -> [Instruction] {
        var program = children(place).map { Instruction.combine(from: $0, part) }
        if let parent = parent(of: place.rank) { program.append(.send(to: parent, part)) }
        return program
    }

    /// The largest subtree first, as it has the longest way to go.
    private static func broadcastDown(_ part: Range<Int>, _ place: Place) -> [Instruction] {
        var program: [Instruction] = []
        if let parent = parent(of: place.rank) { program.append(.replace(from: parent, part)) }
        return program + children(place).reversed().map { .send(to: $0, part) }
    }

    /// A subtree's blocks are contiguous: rank r with lowest set bit b holds r ..< r + b.
    private static func gatherUp(_ block: Int, _ place: Place) -> [Instruction] {
        func subtree(_ rank: Int) -> Range<Int> {
            let span = rank == 0 ? place.worldSize : rank & -rank
            return (rank * block)..<(min(rank + span, place.worldSize) * block)
        }
        var program = children(place).flatMap { child in
            place.chunks(subtree(child)).map { Instruction.replace(from: child, $0) }
        }
        if let parent = parent(of: place.rank) {
            program += place.chunks(subtree(place.rank)).map { .send(to: parent, $0) }
        }
        return program
    }
}
