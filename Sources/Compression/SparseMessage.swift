/// The sparse part of a sketch step: candidates with values, and the update that a root broadcasts
/// as `kept indices | kept values | small sums`.
final class SparseMessage {
    private let candidateCount: Int
    private let keptCount: Int
    private let request: WorkBuffer
    private let response: WorkBuffer
    private let result: WorkBuffer

    init(candidates: Int, kept: Int, small: Int) {
        candidateCount = candidates
        keptCount = kept
        request = WorkBuffer(count: candidates)
        response = WorkBuffer(count: candidates)
        result = WorkBuffer(count: 2 * kept + small)
    }

    /// Candidates as indices.
    var candidates: UnsafeMutableBufferPointer<UInt32> { request.indices(0..<candidateCount) }
    /// The same memory as words on the wire.
    var candidateIndices: UnsafeMutableBufferPointer<Float> { request.floats }
    /// A value for each candidate.
    var candidateValues: UnsafeMutableBufferPointer<Float> { response.floats }
    /// The whole update as words on the wire.
    var update: UnsafeMutableBufferPointer<Float> { result.floats }
    /// Indices of the update, ascending.
    var indices: UnsafeMutableBufferPointer<UInt32> { result.indices(0..<keptCount) }
    /// Sums over the workers at those indices.
    var values: UnsafeMutableBufferPointer<Float> { result[keptCount..<(2 * keptCount)] }
    /// Sums over the workers of the small parameters.
    var smallSums: UnsafeMutableBufferPointer<Float> { result[(2 * keptCount)..<result.count] }
}
