import Glibc

/// A call on shared memory that failed: the call, what it was about, and its error number.
public struct SharedMemoryError: Error, Equatable, CustomStringConvertible {
    /// Name of the system call, or what was found out.
    public let call: String
    /// What it was about; may be empty.
    public let detail: String
    /// The raw error number; 0 when no call failed.
    public let code: Int32

    /// Reads the error number of the call that just failed on this thread.
    init(_ call: String, _ detail: String = "", code: Int32 = errno) {
        self.code = code
        self.call = call
        self.detail = detail
    }

    /// Memory that is not what it should be.
    init(refusing detail: String) {
        call = "shared memory"
        self.detail = detail
        code = 0
    }

    /// One line.
    public var description: String {
        let words = code == 0 ? "" : ": \(String(cString: strerror(code)))"
        return "\(call)\(detail.isEmpty ? "" : " \(detail)")\(words)"
    }
}
