import COneDNN
import Glibc

/// oneDNN: which version, which instructions, and how many threads.
enum OneDNN {
    /// Whether it may use AVX-512.
    static var hasAVX512: Bool {
        dnnl_get_effective_cpu_isa().rawValue & dnnl_cpu_isa_avx512_core.rawValue
            == dnnl_cpu_isa_avx512_core.rawValue
    }

    /// Version and instruction set.
    static var summary: String {
        let version = dnnl_version().map {
            "\($0.pointee.major).\($0.pointee.minor).\($0.pointee.patch)"
        }
        return "oneDNN \(version ?? "unknown"), \(hasAVX512 ? "AVX-512" : "no AVX-512")"
    }

    /// One OpenMP thread for what the calling thread does: OpenMP's threads spin while they wait,
    /// and the order of a sum must not depend on their number. Without OpenMP there is none to ask.
    static func useOneThread() { setThreads?(1) }

    private static let setThreads: (@convention(c) (Int32) -> Void)? = {
        guard let found = dlsym(nil, "omp_set_num_threads") else { return nil }
        return unsafeBitCast(found, to: (@convention(c) (Int32) -> Void).self)
    }()
}

/// A call that oneDNN refused.
struct OneDNNError: Error, CustomStringConvertible {
    let call: StaticString
    let status: dnnl_status_t

    var description: String {
        "oneDNN \(OneDNN.summary): \(call) failed, status \(status.rawValue)"
    }

    /// Throws unless a call went well.
    static func check(_ status: dnnl_status_t, _ call: StaticString) throws(OneDNNError) {
        guard status == dnnl_success else { throw OneDNNError(call: call, status: status) }
    }
}
