import Wire

/// How the daemons' clocks stand to the coordinator's, and what of it is on record.
extension RunBoard {
    /// A reading as the store has it.
    struct RecordedClock: Equatable {
        var run: Int64
        var generation: UInt32
        var reading: ClockReading

        /// Whether another reading says so much more that it should take this one's place: a node
        /// takes a reading with every heartbeat.
        func isSuperseded(by other: RecordedClock) -> Bool {
            guard run == other.run, generation == other.generation else { return true }
            let moved = (other.reading.offset - reading.offset).magnitude
            return other.reading.error < reading.error
                || moved > UInt64(other.reading.error) + UInt64(reading.error)
        }
    }

    /// A daemon asks for the time.
    mutating func took(
        _ reading: ClockReading?, sent: Int64, from id: NodeID, now: Double
    ) -> [Effect] {
        if let reading { nodes[id]?.clock = reading }
        let heard = Int64(max(0, now) * 1e9)
        return [.send(id, .clocked(sent: sent, heard: heard, bootID: bootID))] + unrecordedClocks()
    }

    /// What the store does not know yet of the members of the generation that was started last.
    mutating func unrecordedClocks() -> [Effect] {
        guard let active, active.hasFormed else { return [] }
        return active.seats.compactMap { seat in
            guard let reading = nodes[seat.id]?.clock else { return nil }
            let record = RecordedClock(
                run: active.request.id, generation: active.startedGeneration, reading: reading)
            guard nodes[seat.id]?.recordedClock?.isSuperseded(by: record) ?? true else {
                return nil
            }
            nodes[seat.id]?.recordedClock = record
            return .clocked(
                run: record.run, generation: record.generation, node: seat.hello.name, reading)
        }
    }
}
