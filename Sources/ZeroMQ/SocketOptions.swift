/// Options that every socket sets explicitly before it binds or connects.
public struct SocketOptions: Sendable {
    /// How long unsent frames outlive the socket.
    public var lingerMilliseconds: Int32
    /// Frames queued for sending at most.
    public var sendHighWaterMark: Int32
    /// Frames queued for receiving at most.
    public var receiveHighWaterMark: Int32
    /// How long a waiting send may block.
    public var sendTimeoutMilliseconds: Int32
    /// How long a waiting receive may block.
    public var receiveTimeoutMilliseconds: Int32
    /// Whether a router reports messages for peers that it does not know.
    public var routerMandatory: Bool
    /// Longest part that is accepted; longer ones close the connection.
    public var maximumMessageBytes: Int64
    /// Name by which a router knows this socket over reconnections; `nil` lets it choose one.
    public var routingID: String?
    /// Longest pause between two attempts to connect; they grow from 100 ms by doubling.
    public var reconnectMaximumMilliseconds: Int32
    /// Whether and as whom it encrypts.
    public var curve: CurveRole
    /// Whether it remembers how handshakes went, for `takeRefusals` and `latestHandshakeFailure`.
    public var reportsHandshakes: Bool

    /// Memberwise.
    public init(
        lingerMilliseconds: Int32 = 0, sendHighWaterMark: Int32 = 1_000,
        receiveHighWaterMark: Int32 = 1_000, sendTimeoutMilliseconds: Int32 = 1_000,
        receiveTimeoutMilliseconds: Int32 = 1_000, routerMandatory: Bool = false,
        maximumMessageBytes: Int64 = -1, routingID: String? = nil,
        reconnectMaximumMilliseconds: Int32 = 0, curve: CurveRole = .none,
        reportsHandshakes: Bool = false
    ) {
        self.lingerMilliseconds = lingerMilliseconds
        self.sendHighWaterMark = sendHighWaterMark
        self.receiveHighWaterMark = receiveHighWaterMark
        self.sendTimeoutMilliseconds = sendTimeoutMilliseconds
        self.receiveTimeoutMilliseconds = receiveTimeoutMilliseconds
        self.routerMandatory = routerMandatory
        self.maximumMessageBytes = maximumMessageBytes
        self.routingID = routingID
        self.reconnectMaximumMilliseconds = reconnectMaximumMilliseconds
        self.curve = curve
        self.reportsHandshakes = reportsHandshakes
    }

    /// The limit of a part as libzmq sees it.
    var longestPartOnTheWay: Int64 {
        maximumMessageBytes < 0 ? -1 : maximumMessageBytes + curve.overheadBytes
    }
}
