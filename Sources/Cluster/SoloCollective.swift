import Collectives

/// Collectives of a worker whose peers have nothing to say: every operation is over at once, and
/// what is left of a step is the worker's own work.
final class SoloCollective: Collective {
    let rank = 0
    let worldSize: Int
    let topology: CollectiveTopology

    /// - Parameter worldSize: workers whose blocks are decoded and whose candidates are merged.
    init(_ topology: CollectiveTopology, worldSize: Int) {
        self.topology = topology
        self.worldSize = worldSize
    }

    /// Peers' blocks are this worker's own; sums and copies are what they are.
    func begin(_ operation: CollectiveOperation, _ transfer: Transfer) throws(CollectiveError) {
        guard case .allGather(let blockWords) = operation else { return }
        for block in 1..<max(1, worldSize) {
            for word in 0..<blockWords {
                transfer.words[block * blockWords + word] = transfer.words[word]
            }
        }
    }

    func finish() throws(CollectiveError) {}

    /// As a tree's root, which merges once on every level.
    func reduceWhole(
        _ buffer: UnsafeMutableBufferPointer<Float>, combine: Combine
    ) throws(CollectiveError) {
        let payload = Array(buffer)
        let levels = worldSize < 2 ? 0 : Int.bitWidth - (worldSize - 1).leadingZeroBitCount
        payload.withUnsafeBytes { bytes in
            for _ in 0..<levels { combine(buffer, bytes) }
        }
    }
}
