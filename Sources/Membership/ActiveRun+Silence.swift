import Wire

/// How members end, and what is done about those who say nothing.
extension ActiveRun {
    mutating func ended(_ outcome: Outcome, _ seat: Int, now: Double) -> [RunBoard.Effect] {
        // Who was told to stop says so; outside of stopping that is about a place of before.
        if outcome == .cancelled, !stage.isStopping { return [] }
        seats[seat].outcome = outcome
        let rank = seats[seat].rank
        switch outcome {
        case .completed: return recovery == nil ? [] : recovered(now: now)
        case .failed(let reason): return stop(.failed("rank \(rank): \(reason)"), now: now)
        case .cancelled: return []
        case .peerTrouble(let peer, let reason):
            if case .returning = stage {
                seats[seat].isHalted = true
                // The coordinator that is gone may not have told everybody to start.
                if step == 0, seats[seat].latest == nil { return [] }
            }
            guard stage.mayHearOfTrouble, request.policy.onLoss != .abort else {
                if !stage.isStopping, let lost = seats.first(where: { $0.rank == peer }) {
                    measureLoss(of: lost, lastHeard: nil, now: now)
                }
                return stop(.failed("rank \(rank): \(reason)"), now: now)
            }
            seats[seat].accused = peer
            suspectedSince = suspectedSince ?? now
            firstAccused = firstAccused ?? peer
            return [
                .event(
                    run: request.id, kind: "trouble", node: seats[seat].hello.name, detail: reason)
            ]
        }
    }

    mutating func tick(now: Double, patience: Double) -> [RunBoard.Effect] {
        switch stage {
        case .returning(let since) where now - since > Self.gatheringSeconds:
            return resume(now: now)
        case .gathering(let since): return gatheringExpired(since, now: now)
        case .preparing(let since) where now - since > Self.preparationSeconds:
            return preparationExpired(now: now)
        case .running:
            // Who is cut off altogether misses heartbeats, which tell better than peers do.
            guard let suspected = suspectedSince, now - suspected > patience + 1 else { return [] }
            return putOut(now: now)
        default: return []
        }
    }

    private mutating func gatheringExpired(_ since: Double, now: Double) -> [RunBoard.Effect] {
        let silent = seats.filter { !$0.isNew && $0.held == nil }
        if let seat = silent.first, now - since > Self.gatheringSeconds {
            return exclude(
                seat, telling: "did not stop in time",
                why: "did not stop within \(Int(Self.gatheringSeconds)) s", now: now)
        }
        guard silent.isEmpty, now - since > request.policy.rejoinSeconds else { return [] }
        let lost = request.workers - worldSize
        let missing =
            request.needsServer && !seats.contains(where: \.isServer)
            ? "the server's place" : "\(lost) lost place\(lost == 1 ? "" : "s")"
        return stop(
            .failed("nobody took \(missing) within \(Int(request.policy.rejoinSeconds)) s"),
            now: now)
    }

    private mutating func preparationExpired(now: Double) -> [RunBoard.Effect] {
        let missing = seats.indices.filter { seats[$0].ready == nil }
        let why = "not prepared within \(Int(Self.preparationSeconds)) s"
        if let seat = missing.first.map({ seats[$0] }), mayGoOn(without: seat) {
            return exclude(seat, telling: why, why: why, now: now)
        }
        let ranks = missing.map(String.init).joined(separator: ", ")
        return stop(.failed("rank \(ranks) was \(why)"), now: now)
    }

    /// Puts out whom the others do not hear: the one with most accusers among those who accuse nobody
    /// themselves. Where everybody accuses somebody, as in a ring that is cut, all of them try again,
    /// and only then the one who was accused first is put out. Who cannot be missed is tried again, and
    /// so is who has taken the last step already: it holds what the others need to take it, too.
    private mutating func putOut(now: Double) -> [RunBoard.Effect] {
        let accused = seats.compactMap(\.accused)
        let candidates = Set(accused).filter { rank in
            seats.contains { $0.rank == rank && $0.accused == nil }
        }
        func votes(_ rank: Int) -> Int { accused.count { $0 == rank } }
        let most = candidates.max { (votes($0), $1) < (votes($1), $0) }
        fruitless += 1
        guard fruitless < Self.triesInARow else {
            return stop(.failed("the members' exchange fails again and again"), now: now)
        }
        let first = fruitless >= Self.triesTogether ? firstAccused : nil
        guard let rank = most ?? first, let seat = seats.first(where: { $0.rank == rank }),
            !seat.hasCompleted, mayGoOn(without: seat)
        else {
            let blamed = most ?? firstAccused
            measureSilence(of: seats.first { $0.rank == blamed }, now: now)
            return gather(reason: "peers do not hear each other", now: now)
        }
        return exclude(
            seat, telling: "peers do not hear this node", why: "peers do not hear it", now: now)
    }

    /// Counts a member as lost whose heart still beats: it is told, and not taken in for a while.
    private mutating func exclude(
        _ seat: Seat, telling reason: String, why: String, now: Double
    ) -> [RunBoard.Effect] {
        banned[seat.id] = now + Self.banSeconds
        return [
            .send(seat.id, .cancel(run: request.id, reason: reason)),
            .event(run: request.id, kind: "lost", node: seat.hello.name, detail: why),
        ] + lost(seat.id, why: why, lastHeard: nil, now: now)
    }
}
