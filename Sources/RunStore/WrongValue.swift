import Foundation
import GRDB

/// A value on record that is none of those its column may have: where, what was found, what is
/// allowed.
struct WrongValue: Error, CustomStringConvertible {
    let description: String

    /// - Parameters:
    ///   - found: the value; `nil` where there is no such column.
    ///   - query: what was asked, which names the table first.
    init(_ found: DatabaseValue?, _ column: String, expected: String, query: String) {
        let table = query.firstMatch(of: /FROM\s+(\w+)/)?.output.1 ?? "?"
        let what = found.map { "holds \(Self.words($0))" } ?? "is missing"
        description = "\(table).\(column) \(what), not \(expected)"
    }

    private static func words(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .null: "nothing"
        case .int64(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let text): "the text \(String(text.prefix(40)).debugDescription)"
        case .blob(let data): "\(data.count) bytes"
        }
    }
}
