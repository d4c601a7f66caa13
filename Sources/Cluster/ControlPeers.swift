import Membership
import Wire

/// Which key speaks under which socket identity.
///
/// A router lets a peer keep its identity over reconnections, and whoever connects takes an identity
/// by its name. So an identity belongs to the key that said hello with it; whose a daemon's name is,
/// the board knows. A key speaks in its own role only. Without keys everybody is believed.
struct ControlPeers {
    private let gate: Gate
    private var owners: [RunBoard.NodeID: String?] = [:]

    init(gate: Gate) {
        self.gate = gate
    }

    /// Why a message is not heard, if it is not.
    ///
    /// - Parameter user: the key that the sender has proved to hold.
    mutating func objection(
        to message: ControlMessage, from id: RunBoard.NodeID, user: String?
    ) -> String? {
        guard gate.hasKeys else { return nil }
        if let owner = owners[id], owner != user { return "this identity is another key's" }
        if message.isOfClient { return objection(to: KeyRole.client.rawValue, of: user) }
        guard case .hello(let hello) = message else { return nil }
        if let why = objection(to: hello.role, of: user) { return why }
        owners.updateValue(user, forKey: id)
        return nil
    }

    private func objection(to role: String, of user: String?) -> String? {
        guard !gate.admits(user, as: role) else { return nil }
        return "this key is not a \(role)'s; make one with "
            + "'peerless keys add DIR NAME --role \(role)'"
    }

    /// Forgets the identities of those who are gone.
    mutating func keep(_ daemons: [RunBoard.NodeID]) {
        let known = Set(daemons)
        owners = owners.filter { known.contains($0.key) }
    }
}
