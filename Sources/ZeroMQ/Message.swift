import CZeroMQ

/// One received part; its bytes stay valid while the object lives.
public final class Message {
    private let storage: UnsafeMutablePointer<zmq_msg_t>

    /// Nothing yet.
    public init() {
        storage = .allocate(capacity: 1)
        zmq_msg_init(storage)
    }

    deinit {
        zmq_msg_close(storage)
        storage.deallocate()
    }

    /// The payload.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: zmq_msg_data(storage), count: zmq_msg_size(storage))
    }

    /// Whether further parts of the same message follow.
    public var more: Bool { zmq_msg_more(storage) != 0 }

    /// The public key of the peer that sent it, in Z85, when an authenticator let it in.
    public var user: String? { zmq_msg_gets(storage, "User-Id").map { String(cString: $0) } }

    /// The address of the peer that sent it, where the transport has some.
    public var address: String? {
        let found = zmq_msg_gets(storage, "Peer-Address").map { String(cString: $0) }
        return found?.isEmpty == false ? found : nil
    }

    /// Receives into this message; -1 with errno as libzmq does.
    func receive(from socket: UnsafeMutableRawPointer, flags: Int32) -> Int32 {
        zmq_msg_recv(storage, socket, flags)
    }
}
