import Wire

/// Why members cannot go on together, in words that say what to do.
extension ActiveRun {
    /// So many members are named.
    private static let named = 4

    /// They hold no state in common.
    func withoutCommonState() -> String {
        var words = workers.prefix(Self.named).map(isResuming ? search : holding)
        if workers.count > Self.named { words.append("and \(workers.count - Self.named) more") }
        let list = words.joined(separator: "; ")
        guard isResuming else {
            return "the members have no state in common to go on from: \(list)"
        }
        let recorded = request.resumption?.path.map { "; on record is \($0)" } ?? ""
        return "no checkpoint was found that every worker has a part of: \(list)\(recorded). Put "
            + "the files back, or start daemons with --checkpoints and the folder that "
            + "\(request.uuid) is in"
    }

    private func holding(_ seat: Seat) -> String { "\(seat.hello.name) holds \(states(of: seat))" }

    private func search(_ seat: Seat) -> String {
        let place = seat.held?.searched.map { " in \($0)" } ?? ""
        return "\(seat.hello.name) looked\(place) and found \(states(of: seat))"
    }

    private func states(of seat: Seat) -> String {
        let steps = (seat.held?.states ?? []).map { String($0.step) }
        return steps.isEmpty ? "none" : "the state after step \(steps.joined(separator: ", "))"
    }
}
