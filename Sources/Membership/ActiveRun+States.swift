import Wire

/// Why members cannot go on together, in words that say what to do.
extension ActiveRun {
    /// So many findings are told.
    private static let told = 4

    /// They hold no state in common.
    func withoutCommonState() -> String {
        guard isResuming else {
            return "the members have no state in common to go on from: \(list(holding))"
        }
        let recorded = request.resumption?.path.map { "; on record is \($0)" } ?? ""
        return "no checkpoint was found that every worker has a part of: \(list(finding))"
            + "\(recorded). Put the files back, or start daemons with --checkpoints and the "
            + "folder that has \(request.uuid)"
    }

    /// What workers have to say, each thing once, behind the names of all who say it.
    private func list(_ saying: (Seat) -> String) -> String {
        var order: [String] = []
        var names: [String: [String]] = [:]
        for seat in workers {
            let words = saying(seat)
            if names[words] == nil { order.append(words) }
            names[words, default: []].append(seat.hello.name)
        }
        var parts = order.prefix(Self.told).map { words in
            let who = names[words] ?? []
            let more = who.count > Self.told ? " and \(who.count - Self.told) more" : ""
            return "\(who.prefix(Self.told).joined(separator: ", "))\(more) \(words)"
        }
        if order.count > Self.told { parts.append("and others") }
        return parts.joined(separator: "; ")
    }

    private func holding(_ seat: Seat) -> String { "hold\(states(of: seat))" }

    private func finding(_ seat: Seat) -> String {
        "found\(states(of: seat))" + (seat.held?.searched.map { " in \($0)" } ?? "")
    }

    private func states(of seat: Seat) -> String {
        let steps = (seat.held?.states ?? []).map { String($0.step) }
        return steps.isEmpty ? " none" : " the state after step \(steps.joined(separator: ", "))"
    }
}
