/// Why a collective operation did not finish. Peer trouble is data: the run's policy decides.
public enum CollectiveError: Error, Equatable, CustomStringConvertible {
    /// The peer sent nothing within the deadline.
    case expired(waitingFor: Int, milliseconds: Int)
    /// The peer took no frame within the deadline, or its end of the line is gone.
    case unreachable(peer: Int, why: String)
    /// The run was cancelled, with the reason.
    case cancelled(String)
    /// The transport could not send or receive.
    case transport(String)
    /// More frames came early than peers in step can send.
    case flooded(frames: Int)
    /// A number that is not finite where one is needed.
    case notFinite(String)

    /// One line.
    public var description: String {
        switch self {
        case .expired(let peer, let milliseconds):
            "rank \(peer) sent nothing for \(milliseconds) ms"
        case .unreachable(let peer, let why): "rank \(peer) \(why)"
        case .cancelled(let reason): "cancelled: \(reason)"
        case .transport(let why): why
        case .flooded(let frames): "\(frames) frames came before their turn, peers are out of step"
        case .notFinite(let what): "\(what) is not finite"
        }
    }
}
