/// Ring: each node sends to its right neighbour and receives from its left one.
extension Program {
    static func ring(_ operation: CollectiveOperation, _ place: Place) -> [Instruction] {
        guard place.worldSize > 1 else { return [] }
        switch operation {
        case .allReduce(let words): return ringAllReduce([0..<words], of: words, place)
        case .allReduceParts(let parts, let words): return ringAllReduce(parts, of: words, place)
        case .allGather(let block):
            return circulate(place, rounds: place.worldSize - 1) { round in
                place.block(place.rank - round, words: block)
            }
        case .reduce, .broadcast:
            preconditionFailure("a ring has no root; use allReduce")
        }
    }

    /// Reduce-scatter then all-gather: in round s a node passes on the pieces of (rank - s) of P;
    /// after P - 1 rounds of adding, those of (rank + 1) are complete here and are passed round as
    /// they are.
    private static func ringAllReduce(
        _ parts: [Range<Int>], of words: Int, _ place: Place
    ) -> [Instruction] {
        let last = place.worldSize - 1
        let right = (place.rank + 1) % place.worldSize
        let left = (place.rank + last) % place.worldSize
        let pieces = place.pieces(of: words, in: parts, owners: place.worldSize)
        func begun(_ round: Int) -> [Range<Int>] {
            let owner = place.wrapped(place.rank - round)
            return pieces.filter { $0.owner == owner }.map(\.range)
        }
        var program: [Instruction] = begun(0).map { .send(to: right, $0) }
        for round in 1...(2 * last) {
            for piece in begun(round) {
                program.append(
                    round <= last ? .combine(from: left, piece) : .replace(from: left, piece))
                if round < 2 * last { program.append(.send(to: right, piece)) }
            }
        }
        return program
    }

    /// Passes blocks round: block `of(0)` is sent first, then each received block is passed on.
    private static func circulate(
        _ place: Place, rounds: Int, of block: (Int) -> Range<Int>
    ) -> [Instruction] {
        let right = (place.rank + 1) % place.worldSize
        let left = (place.rank + place.worldSize - 1) % place.worldSize
        var program: [Instruction] = place.chunks(block(0)).map { .send(to: right, $0) }
        for round in 1...rounds {
            for part in place.chunks(block(round)) {
                program.append(.replace(from: left, part))
                if round < rounds { program.append(.send(to: right, part)) }
            }
        }
        return program
    }
}
