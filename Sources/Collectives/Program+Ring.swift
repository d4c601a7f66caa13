/// Ring: each node sends to its right neighbour and receives from its left one.
extension Program {
    static func ring(_ operation: CollectiveOperation, _ place: Place) -> [Instruction] {
        guard place.worldSize > 1 else { return [] }
        switch operation {
        case .allReduce(let words): return ringAllReduce(words, place)
        case .allGather(let block):
            return circulate(place, rounds: place.worldSize - 1) { round in
                let owner = place.rank - round
                return place.segment(owner, of: block * place.worldSize)
            }
        case .reduce, .broadcast:
            preconditionFailure("a ring has no root; use allReduce")
        }
    }

    /// Reduce-scatter then all-gather: in round s a node passes on segment (rank - s) of P; after
    /// P - 1 rounds of adding, segment (rank + 1) is complete here and is passed round as it is.
    private static func ringAllReduce(_ words: Int, _ place: Place) -> [Instruction] {
        let last = place.worldSize - 1
        let right = (place.rank + 1) % place.worldSize
        let left = (place.rank + last) % place.worldSize
        var program: [Instruction] = place.chunks(place.segment(place.rank, of: words)).map {
            .send(to: right, $0)
        }
        for round in 1...(2 * last) {
            for part in place.chunks(place.segment(place.rank - round, of: words)) {
                program.append(
                    round <= last ? .combine(from: left, part) : .replace(from: left, part))
                if round < 2 * last { program.append(.send(to: right, part)) }
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
