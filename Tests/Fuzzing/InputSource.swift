import Simulation

/// The inputs of a target: the same for the same seed and index, whatever was asked before.
struct InputSource {
    private let corpus: [[UInt8]]
    private let format: InputFormat
    private let seed: UInt64

    /// - Throws: what making the corpus throws.
    init(_ target: FuzzTarget, seed: UInt64) throws {
        corpus = try target.corpus() + Findings.inputs(of: target.name)
        precondition(!corpus.isEmpty, "\(target.name) has no corpus")
        format = target.format
        self.seed = seed
    }

    /// Input number `index`: first the corpus as it is, then what mutations make of it.
    func input(at index: Int) -> [UInt8] {
        if index < corpus.count { return corpus[index] }
        var random = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index) << 1)
        var bytes = corpus[random.below(corpus.count)]
        let other = corpus[random.below(corpus.count)]
        var rounds = 1
        while rounds < 6, random.below(2) == 0 { rounds += 1 }
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
