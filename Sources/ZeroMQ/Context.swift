import CZeroMQ

/// A libzmq context: owns the I/O thread that its sockets share.
///
/// Unchecked because libzmq documents contexts as thread-safe, which the raw pointer cannot say.
public final class Context: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer

    /// A context with one I/O thread.
    public init() throws(ZeroMQError) {
        guard let handle = zmq_ctx_new() else { throw ZeroMQError("zmq_ctx_new") }
        self.handle = handle
    }

    /// Makes every blocked call on its sockets return an error at once.
    public func shutdown() {
        zmq_ctx_shutdown(handle)
    }

    /// Waits until the sockets' linger is over; every socket must be closed before.
    deinit {
        zmq_ctx_term(handle)
    }
}
