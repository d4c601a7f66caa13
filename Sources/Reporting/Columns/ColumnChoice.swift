/// Which columns, and in which order rows stand.
public struct ColumnChoice: Equatable, Sendable {
    /// Names of columns; empty for the usual ones.
    public var columns: [String]
    /// Names of columns by which rows are sorted, with `-` before one for the greatest first; empty
    /// for the order of the store.
    public var order: [String]
    /// At most so many rows, the first ones; `nil` for all.
    public var limit: Int?

    /// The usual columns in the usual order, unless told otherwise.
    public init(columns: [String] = [], order: [String] = [], limit: Int? = nil) {
        self.columns = columns
        self.order = order
        self.limit = limit
    }

    /// The rows in order, those with an unknown value last, and no more than the limit.
    func sorted<Row>(_ rows: [Row], _ all: [RowColumn<Row>]) throws(ColumnError) -> [Row] {
        var keys: [(column: RowColumn<Row>, isDescending: Bool)] = []
        for name in order {
            let isDescending = name.hasPrefix("-")
            let bare = isDescending ? String(name.dropFirst()) : name
            keys.append((try Self.column(bare, "--sort", all), isDescending))
        }
        var sorted = rows
        if !keys.isEmpty {
            // With the place, since equal rows keep their order.
            sorted = rows.enumerated().sorted { first, second in
                for key in keys {
                    let values = (key.column.value(first.element), key.column.value(second.element))
                    guard let one = values.0, let other = values.1 else {
                        if (values.0 == nil) == (values.1 == nil) { continue }
                        return values.1 == nil
                    }
                    if ColumnValue.isLess(one, other) { return !key.isDescending }
                    if ColumnValue.isLess(other, one) { return key.isDescending }
                }
                return first.offset < second.offset
            }.map(\.element)
        }
        return limit.map { Array(sorted.prefix($0)) } ?? sorted
    }

    /// The chosen columns; `nil` for the usual ones.
    func chosen<Row>(_ all: [RowColumn<Row>]) throws(ColumnError) -> [RowColumn<Row>]? {
        guard !columns.isEmpty else { return nil }
        var chosen: [RowColumn<Row>] = []
        for name in columns { chosen.append(try Self.column(name, "--columns", all)) }
        return chosen
    }

    private static func column<Row>(
        _ name: String, _ option: String, _ all: [RowColumn<Row>]
    ) throws(ColumnError) -> RowColumn<Row> {
        guard let column = all.first(where: { $0.isCalled(name) }) else {
            throw ColumnError(option: option, name: name, known: all.map(\.name))
        }
        return column
    }
}

/// A column that is not there.
public struct ColumnError: Error, Equatable, CustomStringConvertible {
    var option: String
    var name: String
    var known: [String]

    /// One line: the option, what was found, what is allowed.
    public var description: String {
        "\(option): found \(name); allowed: \(known.joined(separator: ", "))"
    }
}
