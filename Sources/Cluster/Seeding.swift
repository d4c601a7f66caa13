import Collectives
import Compression
import NeuralNetwork
import Wire

/// The first exchange of a generation with new members: they get parameters, the optimiser's
/// momentum, the statistics and the training clock of one that has them, by all-reduces to which
/// everybody else gives zeros. A residual is nobody else's: new members begin with none.
struct Seeding {
    private let place: RunPlace

    init(_ place: RunPlace) {
        self.place = place
    }

    /// Runs it where the assignment asks for it; on members that are not new nothing changes.
    func run() throws {
        guard let origin = place.assignment.origin, let source = origin.seededBy else { return }
        let replica = place.replica
        let isSource = place.assignment.rank == source
        let isTaker = origin.isNew && !replica.isServer
        let scratch = WorkBuffer(count: replica.model.parameterCount)
        func share(_ count: Int, _ own: UnsafeMutableBufferPointer<Float>?) throws {
            guard count > 0 else { return }
            let window = scratch[0..<count]
            window.update(repeating: 0)
            if isSource, let own { _ = window.update(fromContentsOf: own) }
            try place.collective.allReduce(window)
            if isTaker, let own { _ = own.update(fromContentsOf: window) }
        }
        place.phases.begin(.exchange)
        try share(replica.model.parameterCount, replica.model.parameters)
        try share(replica.momentumCount, replica.velocity?.floats)
        let statistics = replica.model.statistics
        try share(statistics.count, replica.isServer ? nil : statistics)
        let clock = WorkBuffer(count: TrainingClock.words)
        if isSource { TrainingClock.write(replica.trainedNanoseconds, to: clock.floats) }
        try share(clock.count, clock.floats)
        guard origin.isNew else { return }
        let trained = isTaker ? TrainingClock.read(clock.floats) : replica.trainedNanoseconds
        replica.keep(replica.position, trained: trained)
    }
}
