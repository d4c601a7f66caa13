import Wire

/// What a member has not heard is said again. The coordinator's words have no numbers: with every
/// heartbeat a daemon tells the place that it holds, and from that shows which of them got lost. To
/// hear one twice does no harm, so nobody has to know what is still on its way.
extension ActiveRun {
    /// - Parameter place: the one that the member believes to hold.
    func reminders(
        of id: RunBoard.NodeID, holding place: Hello.Place?
    ) -> [RunBoard.Effect] {
        guard let seat = seats.first(where: { $0.id == id }) else { return [] }
        let isCurrent = place.map(isPlace) == true && place?.generation == generation
        switch stage {
        case .returning: return []
        case .gathering:
            guard !isCurrent, !seat.isNew, seat.held == nil else { return [] }
            return [call(seat)]
        case .preparing:
            let hasHeard = isCurrent && place?.isAssigned == true
            guard !hasHeard, seat.ready == nil, let given = seat.given else { return [] }
            return [.send(id, .assign(given))]
        case .running:
            // Taken over, a generation was started by another coordinator.
            guard isCurrent, place?.isHalted == true, seats.allSatisfy({ $0.ready != nil })
            else { return [] }
            return [.send(id, start)]
        case .stopping(let ending, _):
            guard place?.run == request.id, seat.outcome == nil else { return [] }
            return [.send(id, .cancel(run: request.id, reason: ending.reason))]
        }
    }
}
