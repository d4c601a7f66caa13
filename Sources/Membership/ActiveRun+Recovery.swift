import Wire

/// What changes of the membership cost.
extension ActiveRun {
    /// The number of the next change: a generation's, or that of one which leads to none.
    var nextChange: UInt32 { max(generation, lastChange) + 1 }

    /// Somebody is lost, whatever the run makes of it; one recovery has all that are lost before it ends.
    mutating func measureLoss(of seat: Seat, lastHeard: Double?, now: Double) {
        var change =
            openLoss
            ?? Recovery(
                generation: nextChange, cause: seat.isServer ? .serverLost : .workerLost, node: "",
                slot: seat.slot, injectedAt: injections[seat.slot], lastHeard: lastHeard,
                detectedAt: now, step: step, worldBefore: recovery?.worldBefore ?? worldSize)
        if change.isUnheard {
            change.cause = seat.isServer ? .serverLost : .workerLost
            (change.node, change.slot, change.isUnheard) = ("", seat.slot, false)
        }
        change.node += change.node.isEmpty ? seat.hello.name : ", \(seat.hello.name)"
        change.lose(seat.residual)
        injections[seat.slot] = nil
        recovery = change
    }

    /// Members do not hear each other, and try again: their step is broken off, though nobody is lost.
    ///
    /// - Parameter accused: whom they blame, if anybody.
    mutating func measureSilence(of accused: Seat?, now: Double) {
        guard recovery == nil else { return }
        let detected = suspectedSince ?? now
        var change = Recovery(
            generation: nextChange, cause: accused?.isServer == true ? .serverLost : .workerLost,
            node: accused?.hello.name ?? "", slot: accused?.slot,
            injectedAt: accused.flatMap { injections[$0.slot] }.map { min($0, detected) },
            detectedAt: detected, step: step, worldBefore: worldSize)
        change.isUnheard = true
        recovery = change
    }

    /// The change that somebody's loss is a part of. Of one that is lost while another comes in, the
    /// seconds count from the loss.
    private var openLoss: Recovery? { recovery?.cause == .workerJoined ? nil : recovery }

    /// Counts what of the generation that was started last is done again from a state on, besides
    /// what earlier generations of the same change have lost. Who is gathered twice tells it twice.
    mutating func countLost(_ members: [Seat], after state: HeldState) {
        begun = max(begun, begunSteps(members, after: state))
        let redone = max(0, begun - state.step)
        let world = isResuming ? recovery?.worldBefore ?? worldSize : startedWorld
        recovery?.stepsRedone = lostBefore.steps + redone
        recovery?.samplesLost = lostBefore.samples + redone * world * request.batch
    }

    /// Another generation starts: what it loses comes on top of what its change has lost so far.
    mutating func beginCounting() {
        begun = step
        lostBefore = recovery.map { ($0.stepsRedone, $0.samplesLost) } ?? (0, 0)
    }

    /// Steps that were begun, by members who go back to a state: they are at most one step apart. Who
    /// goes on from checkpoints has begun what is on record of the run.
    private func begunSteps(_ members: [Seat], after state: HeldState) -> Int {
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
        lostBefore = (0, 0)
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

extension Recovery {
    /// Residuals of several nodes are gone as one vector would be; the step is the oldest one.
    fileprivate mutating func lose(_ other: (norm: Double, step: Int)?) {
        guard let other else { return }
        guard let known = residual else {
            residual = other
            return
        }
        let norm = (known.norm * known.norm + other.norm * other.norm).squareRoot()
        residual = (norm, min(known.step, other.step))
    }
}
