import Collectives
import Compression
import NeuralNetwork
import Wire

/// A dedicated server's run: the other half of every exchange, in step with the workers.
final class ServerLoop {
    private let place: RunPlace
    private let extra: WorkBuffer

    init(_ place: RunPlace) {
        self.place = place
        extra = WorkBuffer(count: max(1, place.model.statistics.count))
    }

    /// Serves every step and every evaluation's averages.
    func run() throws {
        for step in 0..<place.totalSteps {
            let before = place.exchange.meter
            place.phases.begin(.exchange)
            try place.method.serve(step: step, over: place.collective, phases: place.phases)
            var record = StepRecord(step: step)
            place.phases.end(into: &record)
            record.count(place.exchange.meter, since: before)
            place.mailbox.record(
                record, run: place.assignment.run, rank: place.assignment.rank)
            if place.evaluates(after: step + 1) { try serveEvaluation() }
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
