import Collectives
import Kernels

/// How much a merge depends on its order: the distance between merging the workers' messages one
/// after another and in halves of halves, against the longer of the two results.
///
/// A rule that adds differs by nothing but what rounding takes; one that keeps the k largest of
/// every sum has thrown away other entries in one order than in the other.
public enum AssociativityDefect {
    /// Compares both orders.
    ///
    /// - Parameter messages: one worker's after the other, of equal length.
    public static func measure(
        _ messages: UnsafeBufferPointer<Float>, workers: Int, rule: MergeRule
    ) -> Double {
        precondition(workers >= 1 && messages.count % workers == 0, "a message of every worker")
        let words = messages.count / workers
        let blocks = (0..<workers).map { Array(messages[($0 * words)..<(($0 + 1) * words)]) }
        switch rule {
        case .adds(let format):
            // Whoever receives adds what came to its own.
            func sum(_ own: [Float], _ came: [Float]) -> [Float] { add(own, rounded(came, format)) }
            return distance(
                blocks.dropFirst().reduce(blocks[0]) { sum($1, $0) }, balanced(blocks, sum))
        case .keepsLargest(let k):
            let merger = SparseMerger(k: k)
            func merge(_ own: [Float], _ came: [Float]) -> [Float] {
                merged(own, came, k: k, merger)
            }
            return distance(
                dense(blocks.dropFirst().reduce(blocks[0]) { merge($1, $0) }, k: k),
                dense(balanced(blocks, merge), k: k))
        }
    }

    private static func balanced(
        _ blocks: [[Float]], _ merge: ([Float], [Float]) -> [Float]
    ) -> [Float] {
        guard blocks.count > 1 else { return blocks[0] }
        let middle = blocks.count / 2
        let left = balanced(Array(blocks[..<middle]), merge)
        return merge(left, balanced(Array(blocks[middle...]), merge))
    }

    private static func add(_ left: [Float], _ right: [Float]) -> [Float] {
        var sum = left
        for index in sum.indices { sum[index] += right[index] }
        return sum
    }

    /// What a receiver gets of words that travel in a format.
    private static func rounded(_ words: [Float], _ format: WireFormat) -> [Float] {
        guard let half = format.half else { return words }
        let halves = [UInt16](unsafeUninitializedCapacity: words.count) { buffer, count in
            guard let target = buffer.baseAddress else { return }
            words.withUnsafeBufferPointer { half.encode($0, into: target) }
            count = words.count
        }
        return [Float](unsafeUninitializedCapacity: words.count) { buffer, count in
            guard let target = buffer.baseAddress else { return }
            halves.withUnsafeBufferPointer { half.decode($0, into: target) }
            count = words.count
        }
    }

    /// The merge that the method itself makes; what it cuts stays with the one who merges.
    private static func merged(
        _ left: [Float], _ right: [Float], k: Int, _ merger: SparseMerger
    ) -> [Float] {
        let result = WorkBuffer(count: 2 * k)
        _ = result.floats.update(fromContentsOf: left)
        right.withUnsafeBytes { payload in
            merger.merge(
                indices: result.indices(0..<k), values: result[k..<(2 * k)], with: payload
            ) { _, _ in }
        }
        return withExtendedLifetime(result) { Array(result.floats) }
    }

    /// A candidate set by its indices.
    private static func dense(_ message: [Float], k: Int) -> [UInt32: Float] {
        Dictionary(
            (0..<k).map { (message[$0].bitPattern, message[k + $0]) }, uniquingKeysWith: +)
    }

    private static func distance(_ first: [UInt32: Float], _ second: [UInt32: Float]) -> Double {
        let indices = Set(first.keys).union(second.keys).sorted()
        return distance(
            indices.map { first[$0] ?? 0 }, indices.map { second[$0] ?? 0 })
    }

    private static func distance(_ first: [Float], _ second: [Float]) -> Double {
        let (one, other) = (norm(first), norm(second))
        var square = 0.0
        for (left, right) in zip(first, second) {
            let difference = Double(left) - Double(right)
            square += difference * difference
        }
        return square == 0 ? 0 : square.squareRoot() / max(one, other)
    }

    private static func norm(_ values: [Float]) -> Double {
        values.withUnsafeBufferPointer { VectorMeasure.norm($0) }
    }
}

extension WireFormat {
    fileprivate var half: WireFormat16? {
        switch self {
        case .float32: nil
        case .float16: .float16
        case .bfloat16: .bfloat16
        }
    }
}
