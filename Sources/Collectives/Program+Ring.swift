/// Ring: each node sends to its right neighbour and receives from its left one.
extension Program {
    static func ring(_ operation: CollectiveOperation, _ place: Place) -> [Instruction] {
        guard place.worldSize > 1 else { return [] }
        switch operation {
        case .allReduce(let words): return ringAllReduce([0..<words], of: words, place)
        case .allReduceParts(let parts, let words, let piece):
            return ringAllReduce(parts, of: words, place.cuttingPieces(to: piece))
        case .allGather(let block):
            return circulate(place, rounds: place.worldSize - 1, adding: 0) { round in
                place.chunks(place.block(place.rank - round, words: block))
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
        let pieces = place.pieces(of: words, in: parts, owners: place.worldSize)
        return circulate(place, rounds: 2 * last, adding: last) { round in
            let owner = place.wrapped(place.rank - round)
            return place.chunks(pieces.filter { $0.owner == owner }.map(\.range))
        }
    }

    /// Passes segments round: that of round 0 is sent first, then each received one is passed on;
    /// the first `adding` rounds add to what is here, the others overwrite it.
    ///
    /// Segments longer than a window go round a window at a time, so that a part is passed on, and
    /// comes back complete, while it is still in the caches. In its last round a part goes no
    /// further, and the first part of the next window leaves in its place.
    private static func circulate(
        _ place: Place, rounds: Int, adding: Int, of segment: (Int) -> [Range<Int>]
    ) -> [Instruction] {
        let right = (place.rank + 1) % place.worldSize
        let left = (place.rank + place.worldSize - 1) % place.worldSize
        let segments = (0...rounds).map(segment)
        func window(_ number: Int, _ round: Int) -> ArraySlice<Range<Int>> {
            segments[round].dropFirst(number * place.window).prefix(place.window)
        }
        let longest = segments.map(\.count).max() ?? 0
        var program = window(0, 0).map { Instruction.send(to: right, $0) }
        for number in 0..<((longest + place.window - 1) / place.window) {
            for round in 1...rounds {
                let parts = window(number, round)
                var sends = Array(round < rounds ? parts : window(number + 1, 0))[...]
                for part in parts {
                    program.append(
                        round <= adding ? .combine(from: left, part) : .replace(from: left, part))
                    if let next = sends.popFirst() { program.append(.send(to: right, next)) }
                }
                program += sends.map { .send(to: right, $0) }
            }
        }
        return program
    }
}
