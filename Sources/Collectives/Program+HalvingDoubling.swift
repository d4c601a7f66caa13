/// Recursive halving-doubling over the largest power of two of ranks, the core; each rank beyond it
/// folds into the core rank that is a core's size below.
extension Program {
    static func halvingDoubling(_ operation: CollectiveOperation, _ place: Place) -> [Instruction] {
        guard place.worldSize > 1 else { return [] }
        let core = largestPowerOfTwo(upTo: place.worldSize)
        switch operation {
        case .allReduce(let words):
            return halvingAllReduce([0..<words], of: words, place, core: core)
        case .allReduceParts(let parts, let words, let piece):
            return halvingAllReduce(
                parts, of: words, place.cuttingPieces(to: piece), core: core)
        case .allGather(let block): return doublingAllGather(block, place, core: core)
        case .reduce, .broadcast:
            preconditionFailure("halving-doubling has no root; use allReduce")
        }
    }

    private static func largestPowerOfTwo(upTo count: Int) -> Int {
        1 << (Int.bitWidth - 1 - count.leadingZeroBitCount)
    }

    /// The pieces whose owner agrees with this rank in every bit looked at so far are kept, the
    /// others are given away; doubling takes the same steps backwards.
    private static func halvingAllReduce(
        _ parts: [Range<Int>], of words: Int, _ place: Place, core: Int
    ) -> [Instruction] {
        let all = place.chunks(parts)
        if place.rank >= core {
            let partner = place.rank - core
            // The partner answers when it has taken part in the core's exchange, not before.
            return all.map { .send(to: partner, $0) } + all.map { .replace(from: partner, $0) }
        }
        let extra = place.rank + core < place.worldSize ? place.rank + core : nil
        var program: [Instruction] = []
        if let extra { program += all.map { .combine(from: extra, $0) } }
        var left = place.pieces(of: words, in: parts, owners: core)
        var halves: [(partner: Int, kept: [Range<Int>], given: [Range<Int>])] = []
        var distance = core / 2
        while distance >= 1 {
            let isKept = { (piece: Piece) in (piece.owner ^ place.rank) & distance == 0 }
            let kept = place.chunks(joined(left.filter(isKept)))
            let given = place.chunks(joined(left.filter { !isKept($0) }))
            let partner = place.rank ^ distance
            program += interleave(
                given.map { .send(to: partner, $0) }, kept.map { .combine(from: partner, $0) },
                window: place.window)
            halves.append((partner, kept, given))
            left = left.filter(isKept)
            distance /= 2
        }
        for half in halves.reversed() {
            program += interleave(
                half.kept.map { .send(to: half.partner, $0) },
                half.given.map { .replace(from: half.partner, $0) }, window: place.window)
        }
        if let extra { program += all.map { .send(to: extra, $0) } }
        return program
    }

    /// Ranges of pieces in order, neighbours as one.
    private static func joined(_ pieces: [Piece]) -> [Range<Int>] {
        pieces.reduce(into: []) { ranges, piece in
            if let last = ranges.last, last.upperBound == piece.range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<piece.range.upperBound
            } else {
                ranges.append(piece.range)
            }
        }
    }

    private static func doublingAllGather(_ block: Int, _ place: Place, core: Int) -> [Instruction]
    {
        func blocks(_ ranks: Range<Int>) -> [Range<Int>] {
            let own = ranks.clamped(to: 0..<place.worldSize)
            return place.chunks((own.lowerBound * block)..<(own.upperBound * block))
        }
        /// Blocks of a group of core ranks and of the extra ranks folded into them.
        func group(_ ranks: Range<Int>) -> [Range<Int>] {
            blocks(ranks) + blocks((ranks.lowerBound + core)..<(ranks.upperBound + core))
        }
        let me = place.rank
        if me >= core {
            let partner = me - core
            return blocks(me..<(me + 1)).map { .send(to: partner, $0) }
                + (blocks(0..<me) + blocks((me + 1)..<place.worldSize)).map {
                    .replace(from: partner, $0)
                }
        }
        let extra = me + core
        var program: [Instruction] = blocks(extra..<(extra + 1)).map { .replace(from: extra, $0) }
        var distance = 1
        while distance < core {
            let partner = me ^ distance
            let mine = (me & ~(distance - 1))..<((me & ~(distance - 1)) + distance)
            let theirs = (partner & ~(distance - 1))..<((partner & ~(distance - 1)) + distance)
            program += interleave(
                group(mine).map { .send(to: partner, $0) },
                group(theirs).map { .replace(from: partner, $0) }, window: place.window)
            distance *= 2
        }
        if extra < place.worldSize {
            program += (blocks(0..<extra) + blocks((extra + 1)..<place.worldSize)).map {
                .send(to: extra, $0)
            }
        }
        return program
    }
}
