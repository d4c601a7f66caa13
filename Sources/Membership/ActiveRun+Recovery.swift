import Wire

/// What changes of the membership cost.
extension ActiveRun {
    /// The number of the next change: a generation's, or that of one which leads to none.
    var nextChange: UInt32 { max(generation, lastChange) + 1 }

    /// Somebody is lost, whatever the run makes of it; one recovery has all that are lost before it ends.
    mutating func measureLoss(of seat: Seat, lastHeard: Double?, now: Double) {
        var change =
            recovery
            ?? Recovery(
                generation: nextChange, cause: seat.isServer ? .serverLost : .workerLost, node: "",
                slot: seat.slot, injectedAt: injections[seat.slot], lastHeard: lastHeard,
                detectedAt: now, step: step, worldBefore: worldSize)
        change.node += change.node.isEmpty ? seat.hello.name : ", \(seat.hello.name)"
        change.residual = change.residual ?? seat.residual
        injections[seat.slot] = nil
        recovery = change
    }

    /// Steps that were begun, by members who go back to a state: they are at most one step apart. Who
    /// goes on from checkpoints has begun what is on record of the run.
    func begunSteps(_ members: [Seat], after state: HeldState) -> Int {
        let begun = min(members.compactMap { $0.held?.begun }.max() ?? 0, state.step + 2)
        return isResuming ? max(begun, request.resumption?.reached ?? 0) : begun
    }

    /// The new generation works once every worker has done a step of it, or the last one.
    mutating func recovered(now: Double) -> [RunBoard.Effect] {
        guard case .running = stage, var change = recovery,
            step > change.step || step == steps
        else { return [] }
        change.recoveredAt = now
        recovery = nil
        fruitless = 0
        return [.recovered(run: request.id, change)]
    }

    /// A change that nobody has told the end of: a run that completed has got over it, one that ended
    /// otherwise never will.
    func openRecovery(at ending: RunBoard.Ending, now: Double) -> [RunBoard.Effect] {
        guard var change = recovery else { return [] }
        if case .completed = ending {
            change.recoveredAt = now
        } else {
            change.worldAfter = 0
        }
        return [.recovered(run: request.id, change)]
    }
}
