import CZeroMQ
import Glibc

/// Waits for sockets and file descriptors; used by the thread that owns them.
public final class Poller {
    private var items: [zmq_pollitem_t] = []

    /// A poller of nothing.
    public init() {}

    /// Watches a socket, which must outlive the poller's use; its index.
    public func add(_ socket: borrowing Socket) -> Int {
        items.append(
            zmq_pollitem_t(socket: socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
        return items.count - 1
    }

    /// Watches what a socket that reports handshakes tells of them, if it does: whoever reads it at
    /// once still learns the address of a peer that is not let in.
    public func addHandshakes(of socket: borrowing Socket) {
        guard let handle = socket.monitor?.handle else { return }
        items.append(
            zmq_pollitem_t(socket: handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
    }

    /// Watches a file descriptor; its index.
    public func add(descriptor: Int32) -> Int {
        items.append(
            zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
        return items.count - 1
    }

    /// Waits until something is readable; false after the time or an interrupting signal.
    public func wait(milliseconds: Int) throws(ZeroMQError) -> Bool {
        let ready = zmq_poll(&items, Int32(items.count), milliseconds)
        if ready < 0 {
            guard zmq_errno() == EINTR else { throw ZeroMQError("zmq_poll") }
            for index in items.indices { items[index].revents = 0 }
        }
        return ready > 0
    }

    /// Whether the last wait found this one readable, closed or broken.
    public func isReady(_ index: Int) -> Bool { items[index].revents != 0 }
}
