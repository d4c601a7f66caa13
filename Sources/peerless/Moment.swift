import ArgumentParser
import Foundation

/// A point in time on the command line: a date, a date and time in UTC, or so long ago.
struct Moment: ExpressibleByArgument {
    var date: Date
    /// A whole day was named, whose end is a day later.
    var isDay = false

    init?(argument: String) {
        let units: [Character: Double] = ["d": 86_400, "h": 3_600, "m": 60, "s": 1]
        if let unit = argument.last.flatMap({ units[$0] }),
            let count = Double(argument.dropLast()), count >= 0, count.isFinite
        {
            date = Date(timeIntervalSinceNow: -count * unit)
            return
        }
        let whole = argument + Self.rest(of: argument)
        guard let found = try? Date(whole, strategy: .iso8601) else { return nil }
        date = found
        isDay = argument.count == 10
    }

    /// The moment after it, as an end that is not included.
    var end: Date { isDay ? date.addingTimeInterval(86_400) : date }

    /// What completes `2026-01-31`, `2026-01-31T09:00` and `2026-01-31T09:00:00`.
    private static func rest(of text: String) -> String {
        switch text.count {
        case 10: "T00:00:00Z"
        case 16: ":00Z"
        case 19: "Z"
        default: ""
        }
    }
}
