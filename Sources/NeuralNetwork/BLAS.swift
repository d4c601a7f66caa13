import COpenBLAS

/// OpenBLAS: which kernels it uses and with how many threads.
public enum BLAS {
    /// One thread per process: several workers share the machine, and the order of a sum must not
    /// depend on the number of cores or on what else runs. Every product asks; the first counts.
    fileprivate static let singleThread: Void = openblas_set_num_threads(1)

    /// Name of the kernels that OpenBLAS chose for this processor.
    public static var coreName: String {
        openblas_get_corename().map { String(cString: $0) } ?? "unknown"
    }
}

/// `c = a * b (+ c)` for row-major matrices; `a` is m x k and `b` k x n after transposition. Rows of
/// `a`, `b` and `c` lie as far apart as they are long, or as `strides` say.
func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    transposingLeft transA: Bool = false, transposingRight transB: Bool = false,
    into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int,
    accumulating: Bool = false, strides: (a: Int, b: Int, c: Int)? = nil
) {
    BLAS.singleThread
    let (rowA, rowB, rowC) = strides ?? (transA ? m : k, transB ? k : n, n)
    cblas_sgemm(
        CblasRowMajor, transA ? CblasTrans : CblasNoTrans, transB ? CblasTrans : CblasNoTrans,
        blasint(m), blasint(n), blasint(k), 1, a, blasint(rowA), b, blasint(rowB),
        accumulating ? 1 : 0, c, blasint(rowC))
}
