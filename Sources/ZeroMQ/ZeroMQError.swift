import CZeroMQ
import Glibc

/// A libzmq call that failed: the call, what it was about, and its error number.
public struct ZeroMQError: Error, Equatable, CustomStringConvertible {
    /// Name of the libzmq function.
    public let call: String
    /// The raw error number.
    public let code: Int32
    /// The endpoint or option concerned; may be empty.
    public let detail: String

    /// Reads the error of the call that just failed on this thread.
    init(_ call: String, _ detail: String = "") {
        self.call = call
        code = zmq_errno()
        self.detail = detail
    }

    /// An error that no call reported.
    init(_ call: String, _ detail: String, code: Int32) {
        self.call = call
        self.code = code
        self.detail = detail
    }

    /// One line.
    public var description: String {
        let words = zmq_strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return "\(call)\(detail.isEmpty ? "" : " \(detail)"): \(words)"
    }
}
