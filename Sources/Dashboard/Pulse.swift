import Foundation
import RunStore

/// What listeners of events are told.
struct Pulse: Sendable {
    /// Another one after the database has changed.
    var mark: String
    /// The event, as it is sent.
    var event: String
    /// When the database was looked at.
    var lookedAt: ContinuousClock.Instant

    /// The event of a change, with the figures of what goes on.
    static func event(_ live: [LiveRun]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.dateEncodingStrategy = .secondsSince1970
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        let data = String(decoding: try encoder.encode(live), as: UTF8.self)
        return "event: change\ndata: \(data)\n\n"
    }
}
