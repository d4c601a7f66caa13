#if canImport(Glibc)
    import Glibc
#endif

/// Zeroed floats that begin at a cache line, where the kernels are fastest; large tables may ask
/// for huge pages, so that random reads find their addresses.
public final class AlignedFloats {
    /// The memory.
    public let floats: UnsafeMutableBufferPointer<Float>
    private static let hugePage = 2 << 20

    /// Allocates `count` floats, freed with the object.
    public init(count: Int, hugePages: Bool = false) {
        let bytes = count * MemoryLayout<Float>.stride
        let isLarge = hugePages && bytes >= Self.hugePage
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(64, bytes), alignment: isLarge ? Self.hugePage : 64)
        #if canImport(Glibc)
            if isLarge { _ = madvise(memory, bytes, MADV_HUGEPAGE) }
        #endif
        let first = memory.initializeMemory(as: Float.self, repeating: 0, count: count)
        floats = UnsafeMutableBufferPointer(start: first, count: count)
    }

    deinit {
        UnsafeMutableRawPointer(floats.baseAddress)?.deallocate()
    }
}
