import Membership
import Wire

/// Which key speaks under which socket identity, and with which name.
///
/// A router lets a peer keep its identity over reconnections, and whoever connects takes an identity
/// by its name. So an identity belongs to the key that said hello with it, and so does the daemon's
/// name as long as the daemon is there, whatever identity somebody comes with. A key speaks in its own
/// role only. Without keys everybody is believed.
struct ControlPeers {
    private struct Owner {
        var user: String?
        var name: String
    }

    private let gate: Gate
    private var owners: [RunBoard.NodeID: Owner] = [:]

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
        if let owner = owners[id], owner.user != user { return "this identity is another key's" }
        if message.isOfClient { return objection(to: KeyRole.client.rawValue, of: user) }
        guard case .hello(let hello) = message else { return nil }
        if let why = objection(to: hello.role, of: user) { return why }
        if owners.values.contains(where: { $0.name == hello.name && $0.user != user }) {
            return "the name \(hello.name) is another key's; choose another with --name"
        }
        owners[id] = Owner(user: user, name: hello.name)
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
