import Simulation

/// The inputs of a target: the same for the same seed and index, whatever was asked before.
struct InputSource {
    private let corpus: [[UInt8]]
    /// How many of them are right; the others were findings.
    private let right: Int
    private let format: InputFormat
    private let seed: UInt64

    /// - Throws: what making the corpus throws.
    init(_ target: FuzzTarget, seed: UInt64) throws {
        let own = try target.corpus()
        corpus = own + Findings.inputs(of: target.name)
        right = own.count
        precondition(right > 0, "\(target.name) has no corpus")
        format = target.format
        self.seed = seed
    }

    /// Input number `index`: first the corpus as it is, then what mutations make of it.
    func input(at index: Int) -> [UInt8] {
        if index < corpus.count { return corpus[index] }
        var random = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index) << 1)
        var bytes = base(&random)
        let other = base(&random)
        var rounds = 1
        while rounds < 6, random.below(3) == 0 { rounds += 1 }
        for _ in 0..<rounds {
            switch format {
            case .binary(let fields):
                ByteMutator.mutate(&bytes, other: other, fields: fields, &random)
            case .text(let words):
                TextMutator.mutate(&bytes, other: other, words: words, &random)
            }
        }
        if bytes.count > Self.longest { bytes.removeSubrange(Self.longest...) }
        return bytes
    }

    /// Mostly a right one: what comes of it gets further.
    private func base(_ random: inout SeededGenerator) -> [UInt8] {
        corpus[random.below(random.below(16) == 0 ? corpus.count : right)]
    }

    /// Bytes of the longest input.
    private static let longest = 1 << 20
}

extension SeededGenerator {
    /// A number from 0 to below `bound`, which is at least 1; quicker than exact.
    mutating func below(_ bound: Int) -> Int {
        Int(((next() >> 32) &* UInt64(bound)) >> 32)
    }

    /// A place within a collection of `count`, or 0 when it is empty.
    mutating func place(in count: Int) -> Int { below(max(1, count)) }
}
