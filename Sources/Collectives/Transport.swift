public import Wire

/// A frame that arrived and whose payload stays valid while the object lives.
public protocol ReceivedFrame: AnyObject {
    /// The parsed header.
    var header: FrameHeader { get }
    /// Exactly `header.length` bytes.
    var payload: UnsafeRawBufferPointer { get }
}

/// Moves frames between nodes; knows nothing of collectives.
public protocol Transport: AnyObject {
    /// Sends one frame; the payload may be reused when the call returns.
    func send(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, to rank: Int
    ) throws(CollectiveError)

    /// The next frame, or `nil` when none came within the time.
    func receive(withinMilliseconds: Int) throws(CollectiveError) -> (any ReceivedFrame)?

    /// The next frame, of this peer if the transport can tell peers apart, else of any.
    func receive(
        from peer: Int, withinMilliseconds: Int
    ) throws(CollectiveError) -> (any ReceivedFrame)?
}

extension Transport {
    /// Frames of any peer.
    public func receive(
        from peer: Int, withinMilliseconds: Int
    ) throws(CollectiveError) -> (any ReceivedFrame)? {
        try receive(withinMilliseconds: withinMilliseconds)
    }
}
