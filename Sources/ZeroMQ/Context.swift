import CZeroMQ

/// A libzmq context: owns the I/O thread that its sockets share.
///
/// Unchecked because libzmq documents contexts as thread-safe, which the raw pointer cannot say.
public final class Context: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer

    /// libzmq allocates a message per frame. glibc would map frames of 128 KiB and more anew each
    /// time and give them back at once: page faults that cost as much as the copy. This keeps them.
    private static let keepsFreedMemory =
        mallopt(M_MMAP_THRESHOLD, 32 << 20) + mallopt(M_TRIM_THRESHOLD, 1 << 30) == 2

    /// A context with one I/O thread.
    public init() throws(ZeroMQError) {
        _ = Self.keepsFreedMemory
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
