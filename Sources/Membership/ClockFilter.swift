package import Wire

/// What a daemon makes of the coordinator's answers about the time: the reading with the shortest round
/// trip among the latest ones. Clocks of two machines drift, so that old readings go.
package struct ClockFilter: Sendable {
    /// Readings that are looked at.
    package static let window = 8
    /// Questions in a row at the beginning, so that a short run is not without a reading.
    package static let burst = 4

    private var latest: [ClockReading] = []
    /// Answers so far.
    package private(set) var count = 0

    /// Nothing is known yet.
    package init() {}

    /// The best reading, once there is one.
    package var best: ClockReading? { latest.min { $0.error < $1.error } }

    /// An answer: all three in nanoseconds, `sent` and `received` of the own clock, `heard` of the
    /// coordinator's. One that came before its question is passed over.
    package mutating func took(sent: Int64, heard: Int64, received: Int64) {
        guard received >= sent else { return }
        let half = (received - sent) / 2
        add(ClockReading(offset: heard - sent - half, error: half + 1))
    }

    /// The coordinator is of the same boot.
    package mutating func isSame() { add(.same) }

    private mutating func add(_ reading: ClockReading) {
        count += 1
        latest.append(reading)
        if latest.count > Self.window { latest.removeFirst() }
    }
}
