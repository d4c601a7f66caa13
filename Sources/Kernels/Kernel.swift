package import CKernels

/// The hot loops that run: those compiled for a kind of processor, chosen at run time, or the Swift
/// reference, whose bits all of them give.
public struct Kernel: Sendable, Equatable {
    /// As `doctor`, benchmarks and the records of runs show it: avx512, avx2, sse2, neon, swift.
    public let name: String
    private let place: Int?

    /// The Swift reference.
    public static let reference = Kernel(name: "swift", place: nil)

    /// Every kernel that this processor can run, best first; the reference is the last.
    public static let supported: [Kernel] =
        (0..<peerless_kernels_count()).compactMap { place in
            peerless_kernels_at(place).map {
                Kernel(name: String(cString: $0.pointee.name), place: place)
            }
        } + [.reference]

    /// The best one.
    public static let best = supported[0]

    /// The compiled loops; nil for the reference.
    package var loops: UnsafePointer<peerless_kernels>? {
        place.flatMap { peerless_kernels_at($0) }
    }
}
