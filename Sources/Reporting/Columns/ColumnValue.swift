/// A cell before it is set: for programs as it is, for people by the column's kind.
enum ColumnValue: Encodable, Equatable, Sendable {
    case text(String)
    case integer(Int64)
    case natural(UInt64)
    case real(Double)
    case flag(Bool)

    /// As CSV has it.
    var plain: String {
        switch self {
        case .text(let value): value
        case .integer(let value): String(value)
        case .natural(let value): String(value)
        case .real(let value): value.description
        case .flag(let value): value.description
        }
    }

    /// Words before figures do not meet in a column; `false` counts as less than `true`.
    static func isLess(_ first: ColumnValue, _ second: ColumnValue) -> Bool {
        switch (first, second) {
        case (.text(let first), .text(let second)): first < second
        case (.integer(let first), .integer(let second)): first < second
        case (.natural(let first), .natural(let second)): first < second
        case (.real(let first), .real(let second)): first < second
        case (.flag(let first), .flag(let second)): !first && second
        default: false
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .natural(let value): try container.encode(value)
        case .real(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        }
    }
}
