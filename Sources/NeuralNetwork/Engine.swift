/// What computes convolutions, batch-norm and pooling. Dense layers are OpenBLAS' in both.
public enum Engine: String, CaseIterable, Codable, Sendable {
    /// oneDNN, with planes in the order that its kernels like best.
    case oneDNN = "onednn"
    /// im2col and OpenBLAS, plane after plane.
    case blas

    /// oneDNN where the processor has AVX-512, which its layouts are made for; else OpenBLAS.
    public static var preferred: Engine { OneDNN.hasAVX512 ? .oneDNN : .blas }

    /// Library, version and instruction set.
    public var summary: String {
        switch self {
        case .oneDNN: OneDNN.summary
        case .blas: "OpenBLAS, \(BLAS.coreName) kernels"
        }
    }
}
