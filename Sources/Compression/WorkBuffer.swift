import Kernels

/// Floats that a method keeps from step to step: allocated once, zeroed, freed with the owner.
public final class WorkBuffer {
    private let memory: AlignedFloats

    /// Zeroed memory for `count` floats.
    public init(count: Int) {
        memory = AlignedFloats(count: count)
    }

    /// The memory.
    public var floats: UnsafeMutableBufferPointer<Float> { memory.floats }

    /// Number of floats.
    public var count: Int { floats.count }

    /// A window on the memory.
    public subscript(range: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(rebasing: floats[range])
    }

    /// A window on the memory as the indices that travel beside values.
    public func indices(_ range: Range<Int>) -> UnsafeMutableBufferPointer<UInt32> {
        let raw = UnsafeMutableRawBufferPointer(self[range])
        return raw.bindMemory(to: UInt32.self)
    }
}
