import Wire

/// How long daemons may be silent. A daemon beats as often as the welcome tells it, once it has heard
/// that; the welcome may be lost. So it is counted lost by the time between beats that it said hello
/// with, until it says what only a daemon says that has heard a welcome.
extension RunBoard {
    func patienceSeconds(with node: Node) -> Double {
        let known = node.slowerBeatMilliseconds ?? heartbeat.milliseconds
        return Heartbeat(milliseconds: max(known, heartbeat.milliseconds)).patienceSeconds
    }

    /// A daemon has said something besides its hello.
    mutating func noteWelcome(of id: NodeID, by message: ControlMessage, isNumbered: Bool) {
        if isNumbered || message.showsWelcome { nodes[id]?.slowerBeatMilliseconds = nil }
    }
}

extension ControlMessage {
    /// Whether a daemon says it only when it has been welcomed.
    fileprivate var showsWelcome: Bool {
        switch self {
        case .sent, .stands, .clock: true
        default: false
        }
    }
}
