import Collectives
import Datasets
import Foundation
import Logging
import Membership
import Wire
import ZeroMQ

/// A daemon's part in a run: carries out what its `MemberMachine` says. One replica, which outlives
/// the generations of the membership, and one place, which lasts for one of them.
final class Member {
    private let options: DaemonOptions
    private let context: Context
    private let mailbox: Mailbox
    private let shelf = DatasetShelf()
    private var replica: Replica?
    private var place: RunPlace?

    init(options: DaemonOptions, context: Context, mailbox: Mailbox) {
        self.options = options
        self.context = context
        self.mailbox = mailbox
    }

    /// Whatever goes wrong becomes the outcome's words.
    func carryOut(_ action: MemberMachine.Action) {
        switch action {
        case .tell(let assignment, let reason):
            options.logger.info("run \(assignment.run): gathered: \(reason)")
            attempt(assignment.run, assignment.generation, assignment.rank) {
                mailbox.send(.held(try tell(assignment)))
            }
        case .prepare(let assignment):
            let place = "rank \(assignment.rank) of \(assignment.worldSize)"
            options.logger.info(
                "run \(assignment.run): \(place), generation \(assignment.generation)")
            attempt(assignment.run, assignment.generation, assignment.rank) {
                mailbox.send(.ready(try prepare(assignment)))
            }
        case .train(let run, let generation, let endpoints):
            guard let place, place.assignment.run == run,
                place.assignment.generation == generation
            else { return }
            attempt(run, generation, place.assignment.rank) {
                let outcome = try train(place, endpoints)
                mailbox.send(
                    .done(
                        run: run, generation: generation, rank: place.assignment.rank, outcome))
            }
        case .stop(let run, let generation, let reason):
            options.logger.info("run \(run): \(reason)")
            let rank = place?.assignment.rank ?? 0
            forget()
            mailbox.send(.done(run: run, generation: generation, rank: rank, .cancelled))
        case .discard(let run):
            if replica?.assignment.run == run { forget() }
        }
    }

    private func forget() {
        place = nil
        replica = nil
    }

    /// Runs `work`; its error is an outcome, unless the coordinator has asked for something else
    /// meanwhile, which will be the next action.
    private func attempt(
        _ run: Int64, _ generation: UInt32, _ rank: Int, _ work: () throws -> Void
    ) {
        do {
            try work()
        } catch {
            guard mailbox.interruption(of: run, generation: generation) == nil else { return }
            mailbox.send(
                .done(run: run, generation: generation, rank: rank, Self.outcome(of: error)))
        }
    }

    private static func outcome(of error: any Error) -> Outcome {
        guard let error = error as? CollectiveError else {
            return .failed(reason: String(describing: error))
        }
        switch error {
        case .expired(let peer, _), .unreachable(let peer, _):
            return .peerTrouble(peer: peer, reason: error.description)
        case .transport, .flooded: return .peerTrouble(peer: nil, reason: error.description)
        case .cancelled: return .cancelled
        case .notFinite: return .failed(reason: error.description)
        }
    }

    private func tell(_ assignment: Assignment) throws -> Held {
        let known = try replica(for: assignment)
        leavePlace()
        if !known.hasBegun { known.recallCheckpoints(of: assignment) }
        return Held(
            run: assignment.run, generation: assignment.generation, states: known.heldStates,
            begun: known.begunSteps, searched: known.searchedCheckpoints)
    }

    private func prepare(_ assignment: Assignment) throws -> Ready {
        leavePlace()
        // From the beginning means with the parameters of the seed, not with those of before.
        if assignment.origin == nil, replica?.hasBegun == true { forget() }
        let replica = try replica(for: assignment)
        try replica.begin(assignment)
        let place = try RunPlace(
            replica, assignment, options: options, context: context, mailbox: mailbox)
        self.place = place
        return place.ready
    }

    private func train(_ place: RunPlace, _ endpoints: [String]) throws -> Outcome {
        do {
            try place.exchange.connect(endpoints, rank: place.assignment.rank)
        } catch {
            throw CollectiveError.transport("connecting: \(error)")
        }
        return try place.train()
    }

    /// Frames that were not ours are told at the end of every generation.
    private func leavePlace() {
        guard let place else { return }
        place.reportStrangers()
        self.place = nil
    }

    private func replica(for assignment: Assignment) throws -> Replica {
        if let replica, replica.assignment.run == assignment.run { return replica }
        forget()
        let made = try Replica(assignment, options: options, shelf: shelf, mailbox: mailbox)
        replica = made
        return made
    }
}
