import Collectives
import Compression
import Datasets
import NeuralNetwork
import Wire

/// A dedicated server's run: the other half of every exchange, in step with the workers.
final class ServerLoop {
    private let place: RunPlace
    private let extra: WorkBuffer
    private let sums: ObservationSums?

    init(_ place: RunPlace) {
        self.place = place
        extra = WorkBuffer(count: max(1, place.model.statistics.count))
        sums = ObservationSums(place)
    }

    /// Serves every step that is left, and every evaluation's averages.
    func run() throws {
        if place.repeatsEvaluation { try place.collective.allReduce(extra[0..<1]) }
        for step in stride(from: place.replica.step, to: place.totalSteps, by: 1) {
            place.beginStep(step)
            let before = place.exchange.meter
            place.phases.begin(.exchange)
            try place.method.serve(step: step, over: place.collective, phases: place.phases)
            var record = StepRecord(step: step)
            place.phases.end(into: &record)
            record.count(place.exchange.meter, since: before)
            place.mailbox.record(record, in: place.assignment)
            if place.observes(step) { try sums?.exchange() }
            if place.evaluates(after: step + 1) { try serveEvaluation() }
            try place.endStep(DataPosition(step: step + 1, epoch: 0, offset: 0), trained: 0)
        }
    }

    private func serveEvaluation() throws {
        let statistics = place.model.statistics.count
        if statistics > 0 { try place.collective.allReduce(extra[0..<statistics]) }
        try place.collective.allReduce(extra[0..<1])
    }
}

extension StepRecord {
    /// Fills in the traffic since an earlier reading.
    mutating func count(_ meter: ByteMeter, since before: ByteMeter) {
        bytesSent = meter.sent - before.sent
        bytesReceived = meter.received - before.received
        messagesSent = meter.messagesSent - before.messagesSent
    }
}
