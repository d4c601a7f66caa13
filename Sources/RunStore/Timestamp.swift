package import Foundation

/// Dates as the database keeps them: ISO 8601 in UTC with milliseconds, which sorts as text.
package enum Timestamp {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// Text of a date, such as `2026-01-31T09:00:00.000Z`.
    package static func text(_ date: Date) -> String {
        date.formatted(style)
    }

    /// The date of such a text; `nil` when it is none.
    package static func date(_ text: String) -> Date? {
        try? Date(text, strategy: style)
    }
}
